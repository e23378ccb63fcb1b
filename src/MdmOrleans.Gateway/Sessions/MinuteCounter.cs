namespace MdmOrleans.Gateway.Sessions;

/// <summary>Says when something happened for the <c>limit</c>-th time within a minute, exactly.</summary>
internal sealed class MinuteCounter(int limit, TimeProvider time)
{
    private readonly long[] _instants = new long[limit];
    private long _count;

    /// <summary>Counts one more; true when it and the last ones before it are <c>limit</c> within a minute.</summary>
    public bool Count()
    {
        var now = time.GetTimestamp();
        var place = (int)(_count % limit);
        _instants[place] = now;
        _count++;
        var oldest = _instants[(int)(_count % limit)];
        return _count >= limit && time.GetElapsedTime(oldest, now) <= TimeSpan.FromMinutes(1);
    }
}
