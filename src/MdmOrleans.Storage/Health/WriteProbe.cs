namespace MdmOrleans.Storage.Health;

/// <summary>Tries a write at most every five seconds, and never two at once: a disk that hangs must not gather attempts.</summary>
internal sealed class WriteProbe(Func<Task<bool>> write, TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private readonly Lock _gate = new();
    private Task<bool>? _attempt;
    private long _startedAt;

    /// <summary>Whether the last attempt succeeded. One that does not end in time has not.</summary>
    public async ValueTask<bool> SucceedsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Attempt().WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> Attempt()
    {
        lock (_gate)
        {
            if (_attempt is null || (_attempt.IsCompleted && time.GetElapsedTime(_startedAt) >= Period))
            {
                _startedAt = time.GetTimestamp();
                _attempt = Task.Run(write);
            }

            return _attempt;
        }
    }
}
