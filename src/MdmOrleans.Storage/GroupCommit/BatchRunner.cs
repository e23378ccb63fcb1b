using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.GroupCommit;

/// <summary>Carries one batch to its end: every caller in it gets its own outcome, or its own failure.</summary>
internal sealed partial class BatchRunner<TItem, TOutcome>(
    IBatchProcessor<TItem, TOutcome> processor,
    GroupCommitOptions options,
    StorageInstruments instruments,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>A database that hangs may not even notice that an attempt was canceled; so long is it given to.</summary>
    private static readonly TimeSpan CancellationGrace = TimeSpan.FromMilliseconds(500);

    private readonly Pending<TItem, TOutcome>[] _callers = new Pending<TItem, TOutcome>[options.BatchSize];
    private TItem[] _items = new TItem[options.BatchSize];
    private TOutcome[] _outcomes = new TOutcome[options.BatchSize];
    private bool _failing;

    public int Count { get; private set; }

    public void Add(Pending<TItem, TOutcome> caller)
    {
        _callers[Count] = caller;
        _items[Count] = caller.Item;
        Count++;
    }

    /// <summary>Never throws: what fails, fails for its callers.</summary>
    public async Task RunAsync()
    {
        await RunAsync(new Range(0, Count), isRetry: false);
        Array.Clear(_callers, 0, Count);
        Array.Clear(_items, 0, Count);
        Array.Clear(_outcomes, 0, Count);
        Count = 0;
    }

    private async Task RunAsync(Range range, bool isRetry)
    {
        Exception? last = null;
        for (var attempt = 0; ; attempt++)
        {
            range = FailOverdue(range, last);
            var (offset, count) = range.GetOffsetAndLength(Count);
            if (count == 0)
            {
                return;
            }

            last = await TryAsync(offset, count, isRetry || attempt > 0);
            if (last is null)
            {
                Succeed(offset, count);
                return;
            }

            switch (Judge(last))
            {
                case BatchFault.Transient:
                    await PauseAsync(offset, attempt);
                    break;
                case BatchFault.Poisoned when count > 1:
                    LogHalved(options.Name, count);
                    await RunAsync(new Range(offset, offset + (count / 2)), isRetry || attempt > 0);
                    await RunAsync(new Range(offset + (count / 2), offset + count), isRetry || attempt > 0);
                    return;
                case BatchFault.Poisoned:
                    LogPoisoned(last, options.Name);
                    _callers[offset].TrySetException(last);
                    return;
                default:
                    Fail(offset, count, last);
                    return;
            }
        }
    }

    /// <returns>Null when everything is durable, else what went wrong.</returns>
    private async Task<Exception?> TryAsync(int offset, int count, bool isRetry)
    {
        var patience = Remaining(_callers[offset]);
        using var timeout = new CancellationTokenSource(patience, time);
        var started = time.GetTimestamp();
        var attempt = processor.ProcessAsync(_items.AsMemory(offset, count), _outcomes.AsMemory(offset, count), isRetry, timeout.Token);
        try
        {
            await attempt.WaitAsync(patience + CancellationGrace, time);
        }
        catch (TimeoutException e) when (!attempt.IsCompleted)
        {
            Abandon(attempt);
            return e;
        }
        catch (Exception e) // whatever it is, it is the callers' to know, and the lane must live on
        {
            return e;
        }

        instruments.Committed(options.Name, count, time.GetElapsedTime(started));
        return null;
    }

    /// <summary>Leaves the arrays to an attempt that may still write into them one day.</summary>
    private void Abandon(Task attempt)
    {
        _items = [.. _items];
        _outcomes = new TOutcome[_outcomes.Length];
        _ = attempt.ContinueWith(ended => LogAbandoned(ended.Exception), TaskScheduler.Default);
    }

    private BatchFault Judge(Exception exception)
    {
        // Ours: the oldest caller ran out of patience, or the database did not even answer to that.
        var fault = exception is OperationCanceledException or TimeoutException ? BatchFault.Transient : processor.Classify(exception);
        instruments.Failed(options.Name, fault);
        if (fault is not BatchFault.Poisoned && !_failing)
        {
            _failing = true;
            LogFailing(exception, options.Name);
        }

        return fault;
    }

    private void Succeed(int offset, int count)
    {
        for (var i = offset; i < offset + count; i++)
        {
            _callers[i].TrySetResult(_outcomes[i]);
        }

        if (_failing)
        {
            _failing = false;
            LogRecovered(options.Name);
        }
    }

    private void Fail(int offset, int count, Exception? cause)
    {
        for (var i = offset; i < offset + count; i++)
        {
            _callers[i].TrySetException(Unavailable.Away(options.Name, cause));
        }
    }

    /// <summary>Answers those at the front whose time is over. They stand in the order of their arrival, or nearly so.</summary>
    private Range FailOverdue(Range range, Exception? cause)
    {
        var (offset, count) = range.GetOffsetAndLength(Count);
        while (count > 0 && Remaining(_callers[offset]) <= options.Backoff)
        {
            Fail(offset, 1, cause);
            offset++;
            count--;
        }

        return new Range(offset, offset + count);
    }

    private TimeSpan Remaining(Pending<TItem, TOutcome> caller) => options.Patience - time.GetElapsedTime(caller.AcceptedAt);

    /// <summary>With jitter, so that the lanes of many silos do not knock in step; no longer than the oldest caller can wait.</summary>
    private async Task PauseAsync(int oldest, int attempt)
    {
        var pause = options.Backoff * (1 << Math.Min(attempt, 4)) * (0.5 + Random.Shared.NextDouble());
        var remaining = Remaining(_callers[oldest]);
        pause = pause < remaining ? pause : remaining;
        await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time); // with nothing left it is answered next
    }
}
