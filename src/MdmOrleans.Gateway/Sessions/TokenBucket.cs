namespace MdmOrleans.Gateway.Sessions;

/// <summary>A bucket of <c>burst</c> tokens that fills at <c>perSecond</c>.</summary>
/// <remarks>Not the framework's: that one keeps its own time, so no test could wait for it, and costs a timer or a queue each.</remarks>
internal sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>True when a new one would give no more.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return _tokens >= burst;
            }
        }
    }

    /// <summary>True when nothing can be taken now.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                Fill();
                return _tokens < 1;
            }
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
