using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.GroupCommit;

/// <summary>One queue and the one loop that drains it, so that no row of it is ever in two batches at once.</summary>
/// <remarks>
/// Every caller is answered within the patience of the options, without a timer per call: an attempt ends when the oldest
/// caller in it runs out of patience, and whoever waits behind is younger than that.
/// </remarks>
internal sealed class Lane<TItem, TOutcome>
{
    // A transaction costs the database about as much as thirty rows. Two small ones at once finish no sooner than one after the
    // other, in which the second has twice the rows; but nobody waits for a neighbor that is in trouble.
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(20);

    private readonly Channel<Pending<TItem, TOutcome>> _waiting;
    private readonly Queue<Pending<TItem, TOutcome>> _deferred = new();
    private readonly HashSet<TItem>? _rows;
    private readonly BatchRunner<TItem, TOutcome> _runner;
    private readonly GroupCommitOptions _options;
    private readonly SemaphoreSlim _turn;
    private readonly string _name;

    /// <param name="turn">One place, shared with the lanes beside this one: small batches take turns.</param>
    public Lane(
        IBatchProcessor<TItem, TOutcome> processor,
        IEqualityComparer<TItem>? sameRow,
        GroupCommitOptions options,
        SemaphoreSlim turn,
        StorageInstruments instruments,
        TimeProvider time,
        ILogger logger)
    {
        (_options, _turn) = (options, turn);
        _name = options.Name;
        _rows = sameRow is null ? null : new HashSet<TItem>(options.BatchSize, sameRow);
        _runner = new BatchRunner<TItem, TOutcome>(processor, options, instruments, time, logger);

        // Wait, not drop: a full lane slows its callers, which slow the sockets.
        _waiting = Channel.CreateBounded<Pending<TItem, TOutcome>>(
            new BoundedChannelOptions(options.LaneCapacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

        // Not in the synchronization or activation context of whoever happens to construct the store.
        Completion = Task.Run(DrainAsync);
    }

    public Task Completion { get; }

    public int Depth => _waiting.Reader.Count;

    public bool TryAccept(Pending<TItem, TOutcome> pending) => _waiting.Writer.TryWrite(pending);

    public async ValueTask AcceptAsync(Pending<TItem, TOutcome> pending, CancellationToken cancellationToken)
    {
        try
        {
            await _waiting.Writer.WriteAsync(pending, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw Unavailable.ShuttingDown(_name);
        }
    }

    public void Complete() => _waiting.Writer.TryComplete();

    private async Task DrainAsync()
    {
        while (_deferred.Count > 0 || await _waiting.Reader.WaitToReadAsync())
        {
            var hasTurn = !IsWorthItsOwn && await _turn.WaitAsync(LongestTurn);
            try
            {
                Gather();
                await _runner.RunAsync();
            }
            finally
            {
                if (hasTurn)
                {
                    _turn.Release();
                }
            }
        }
    }

    private bool IsWorthItsOwn => _deferred.Count + _waiting.Reader.Count >= _options.BatchSize / 4;

    /// <summary>Fills the runner's batch; the second item of one row waits for the next batch, before anything newer.</summary>
    private void Gather()
    {
        _rows?.Clear();
        for (var left = _deferred.Count; left > 0; left--)
        {
            AddOrDefer(_deferred.Dequeue());
        }

        while (_runner.Count < _options.BatchSize && _deferred.Count < _options.BatchSize && _waiting.Reader.TryRead(out var pending))
        {
            AddOrDefer(pending);
        }
    }

    private void AddOrDefer(Pending<TItem, TOutcome> pending)
    {
        if (_runner.Count < _options.BatchSize && (_rows is null || _rows.Add(pending.Item)))
        {
            _runner.Add(pending);
        }
        else
        {
            _deferred.Enqueue(pending);
        }
    }
}
