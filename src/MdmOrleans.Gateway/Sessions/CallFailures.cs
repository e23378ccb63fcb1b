namespace MdmOrleans.Gateway.Sessions;

/// <summary>Calls to twins that failed, gathered: when storage is away, one line in the log says it better than a thousand.</summary>
internal sealed class CallFailures
{
    private int _count;
    private Exception? _last;

    public void Add(Exception e)
    {
        Volatile.Write(ref _last, e);
        Interlocked.Increment(ref _count);
    }

    /// <summary>How many there were since this was last asked, and the last of them.</summary>
    public (int Count, Exception? Last) Take() => (Interlocked.Exchange(ref _count, 0), Interlocked.Exchange(ref _last, null));
}
