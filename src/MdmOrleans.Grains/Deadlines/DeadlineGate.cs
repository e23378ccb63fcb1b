using MdmOrleans.Core;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>How many devices of this silo act at once, over all its shards: the one that is due the longest goes first.</summary>
/// <remarks>While the store has more to write than it can, only a part of the places is given out: check-ins have somebody waiting for them.</remarks>
internal sealed class DeadlineGate(IStoreLoad load, IOptions<DeadlineOptions> options)
{
    private const int ShareWhenBusy = 2;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, DateTimeOffset> _waiting = new();
    private readonly int _places = options.Value.Concurrency;
    private int _taken;

    /// <summary>Pages of due devices that are read at once: the lanes of the check-ins need connections, too.</summary>
    public SemaphoreSlim Reading { get; } = new(4);

    /// <summary>Completes when there is a place; to be given back by <see cref="Leave"/>.</summary>
    public ValueTask EnterAsync(DateTimeOffset dueAt)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && _taken < Limit())
            {
                _taken++;
                return ValueTask.CompletedTask;
            }

            var place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(place, dueAt);
            return new ValueTask(place.Task);
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _taken--;
            while (_taken < Limit() && _waiting.TryDequeue(out var next, out _))
            {
                _taken++;
                next.SetResult();
            }
        }
    }

    // At least one is always inside when somebody waits, so every wait ends with a Leave.
    private int Limit() => load.IsBusy ? Math.Max(1, _places / ShareWhenBusy) : _places;
}
