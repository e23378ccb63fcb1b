namespace MdmOrleans.Gateway.Sessions;

/// <summary>How much one device may publish: a bucket of <c>burst</c> tokens that fills at <c>perSecond</c>.</summary>
/// <remarks>It belongs to the device and outlives its connections, or connecting again would be a way to publish more.</remarks>
internal sealed class DeviceLimits(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();
    private int _holders;

    /// <summary>The newest of the connections that hold it; null when that is gone.</summary>
    public MqttSession? Newest { get; private set; }

    /// <summary>True when forgetting it gives nobody anything.</summary>
    public bool IsUnused
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return _holders == 0 && _tokens >= burst;
            }
        }
    }

    public void Hold(MqttSession session)
    {
        lock (_gate)
        {
            _holders++;
            Newest = Newest is null || session.Counter > Newest.Counter ? session : Newest;
        }
    }

    public void Release(MqttSession session)
    {
        lock (_gate)
        {
            _holders--;
            Newest = Newest == session ? null : Newest;
        }
    }

    public bool TryTake()
    {
        lock (_gate)
        {
            Fill();
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
    }
}
