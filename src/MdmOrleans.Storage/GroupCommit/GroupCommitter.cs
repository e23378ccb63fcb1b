using MdmOrleans.Core;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.GroupCommit;

/// <summary>
/// Turns many small requests into few transactions: a batch is what gathered while the last one committed, so nobody waits
/// for company, and a busy store has big batches without being told to.
/// </summary>
/// <remarks>Memory is bounded by lanes × (capacity + 2 × batch); whoever comes on top of that waits, and is refused in the end.</remarks>
internal sealed class GroupCommitter<TItem, TOutcome> : IAsyncDisposable
{
    private readonly GroupCommitOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lane<TItem, TOutcome>[] _lanes;

    /// <param name="sameRow">
    /// Items that are equal never share a batch and keep their order. Null where order means nothing, as in reads.
    /// </param>
    public GroupCommitter(
        IBatchProcessor<TItem, TOutcome> processor,
        IEqualityComparer<TItem>? sameRow,
        GroupCommitOptions options,
        StorageInstruments instruments,
        TimeProvider time,
        ILogger logger)
    {
        _options = options;
        _time = time;
        _lanes =
        [
            .. Enumerable.Range(0, options.Lanes).Select(
                _ => new Lane<TItem, TOutcome>(processor, sameRow, options, _turn, instruments, time, logger)),
        ];
        instruments.ObserveQueue(options.Name, () => _lanes.Sum(lane => lane.Depth));
    }

    /// <summary>
    /// Completes when the batch that <paramref name="item"/> became part of is durable, with the item's own outcome, and at
    /// the latest when the patience of the options is over.
    /// </summary>
    /// <param name="row">Any number that is the same for the same row; it chooses the lane.</param>
    /// <param name="cancellationToken">Ends the wait for a place. Once accepted, an item is carried to its end.</param>
    /// <exception cref="StorageUnavailableException">Nothing is known to be stored.</exception>
    public Task<TOutcome> SubmitAsync(uint row, TItem item, CancellationToken cancellationToken)
    {
        var pending = new Pending<TItem, TOutcome>(item, _time.GetTimestamp());
        var lane = _lanes[row % (uint)_lanes.Length];
        return lane.TryAccept(pending) ? pending.Task : WaitForPlaceAsync(lane, pending, cancellationToken);
    }

    /// <summary>True while a lane has a full batch waiting behind the one that is under way.</summary>
    public bool HasFullBatchWaiting
    {
        get
        {
            foreach (var lane in _lanes)
            {
                if (lane.Depth >= _options.BatchSize)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Carries what was accepted to its end and accepts nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            lane.Complete();
        }

        await Task.WhenAll(_lanes.Select(lane => lane.Completion));
        _turn.Dispose();
    }

    private async Task<TOutcome> WaitForPlaceAsync(
        Lane<TItem, TOutcome> lane, Pending<TItem, TOutcome> pending, CancellationToken cancellationToken)
    {
        // A place may come late in the caller's patience, so that the lane's own accounting by age does not hold for it.
        using var patience = new CancellationTokenSource(_options.Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await lane.AcceptAsync(pending, either.Token);
            return await pending.Task.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw Unavailable.Overloaded(_options.Name);
        }
    }
}
