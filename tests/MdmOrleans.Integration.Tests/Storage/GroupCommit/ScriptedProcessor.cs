using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using MdmOrleans.Storage.GroupCommit;

namespace MdmOrleans.Integration.Tests.Storage.GroupCommit;

/// <summary>A database of strings that does what a test says: it holds, fails or answers, and remembers every batch.</summary>
internal sealed class ScriptedProcessor : IBatchProcessor<string, string>
{
    private readonly ConcurrentQueue<ImmutableArray<string>> _batches = new();
    private readonly Channel<int> _arrivals = Channel.CreateUnbounded<int>();
    private int _underWay;

    /// <summary>Asked before a batch is answered; whatever it throws is the database's error.</summary>
    public Func<ImmutableArray<string>, CancellationToken, Task> Behavior { get; set; } = (_, _) => Task.CompletedTask;

    public ImmutableArray<ImmutableArray<string>> Batches => [.. _batches];

    /// <summary>Most batches that were ever under way at once.</summary>
    public int Widest { get; private set; }

    /// <summary>Completes when the next batch has arrived, before it is answered.</summary>
    public Task NextBatchAsync() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();

    public BatchFault Classify(Exception exception) => exception switch
    {
        IOException => BatchFault.Transient,
        FormatException => BatchFault.Poisoned,
        _ => BatchFault.Broken,
    };

    public async Task ProcessAsync(ReadOnlyMemory<string> items, Memory<string> outcomes, bool isRetry, CancellationToken cancellationToken)
    {
        var batch = items.ToArray().ToImmutableArray();
        _batches.Enqueue(batch);
        Widest = Math.Max(Widest, Interlocked.Increment(ref _underWay));
        var behavior = Behavior; // that of the moment at which the batch arrived, whatever the test says next
        _arrivals.Writer.TryWrite(batch.Length);
        try
        {
            await behavior(batch, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }

        for (var i = 0; i < batch.Length; i++)
        {
            outcomes.Span[i] = isRetry ? $"{batch[i]} again" : $"{batch[i]} done";
        }
    }
}
