namespace MdmOrleans.Agent.Sdk.CheckIns;

/// <summary>When the next check-in is to begin, and who waits for it.</summary>
internal sealed class CheckInRequests(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Signal _requested = new();
    private readonly List<TaskCompletionSource<bool>> _waiting = [];
    private bool _everything;
    private long _setAt = time.GetTimestamp();
    private TimeSpan _dueIn = TimeSpan.Zero; // the first one at once

    public Task<bool> AddAsync(bool everything)
    {
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add([ended], everything);
        return ended.Task;
    }

    /// <summary>Puts back what <see cref="Take"/> took, for a check-in that did not come about.</summary>
    public void Add(TaskCompletionSource<bool>[] waiting, bool everything)
    {
        lock (_gate)
        {
            _waiting.AddRange(waiting);
            _everything |= everything;
            if (_waiting.Count > 0)
            {
                _requested.Set();
            }
        }
    }

    /// <summary>By the monotonic clock: a device whose time of day is set back by a year still checks in.</summary>
    public void DueIn(TimeSpan wait) => (_setAt, _dueIn) = (time.GetTimestamp(), wait);

    /// <summary>Returns when a check-in is due or requested.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var left = _dueIn - time.GetElapsedTime(_setAt);
        if (left <= TimeSpan.Zero || IsRequested())
        {
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_requested.WaitAsync(either.Token), Task.Delay(left, time, either.Token));
        await either.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>What was asked for until now; the check-in that begins now answers it.</summary>
    public (TaskCompletionSource<bool>[] Waiting, bool Everything) Take()
    {
        lock (_gate)
        {
            var taken = (_waiting.ToArray(), _everything);
            _waiting.Clear();
            _everything = false;
            _requested.Reset();
            return taken;
        }
    }

    // The signal alone does not tell: a wait that was canceled at the same moment may have used it up.
    private bool IsRequested()
    {
        lock (_gate)
        {
            return _waiting.Count > 0;
        }
    }
}
