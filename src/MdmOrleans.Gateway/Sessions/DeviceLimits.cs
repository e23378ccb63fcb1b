namespace MdmOrleans.Gateway.Sessions;

/// <summary>How much one device may publish: a bucket of <c>burst</c> tokens that fills at <c>perSecond</c>.</summary>
/// <remarks>It belongs to the device and outlives its connections, or connecting again would be a way to publish more.</remarks>
internal sealed class DeviceLimits(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();
    private int _holders;

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

    public void Hold()
    {
        lock (_gate)
        {
            _holders++;
        }
    }

    public void Release()
    {
        lock (_gate)
        {
            _holders--;
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
