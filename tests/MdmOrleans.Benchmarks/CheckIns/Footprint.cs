using System.Diagnostics.Tracing;
using MdmOrleans.Benchmarks.Processes;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>What a process holds in memory, in bytes, after a full collection.</summary>
/// <param name="Resident">Private and resident, as the kernel counts.</param>
/// <param name="Managed">On the managed heap, gaps between what lives there included.</param>
internal sealed record Footprint(double Resident, double Managed)
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const ClrTraceEventParser.Keywords Collections = ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.GCHeapCollect;
    private const int CollectionsUntilGivenBack = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Collects often enough for the collector to believe that what is free will not be needed, and give it back.</summary>
    public static async Task<Footprint> TakeAsync(int process, CancellationToken cancellationToken)
    {
        var managed = 0L;
        for (var i = 0; i < CollectionsUntilGivenBack; i++)
        {
            managed = await CollectAsync(process, cancellationToken);
        }

        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        return new Footprint(ProcessTree.ResidentBytes(process), managed);
    }

    public Footprint ForEach(Footprint before, int count) => new((Resident - before.Resident) / count, (Managed - before.Managed) / count);

    /// <summary>Opening such a session makes the runtime collect.</summary>
    /// <returns>Bytes on its heap then.</returns>
    private static async Task<long> CollectAsync(int process, CancellationToken cancellationToken)
    {
        var client = new DiagnosticsClient(process);
        using var session = await client.StartEventPipeSessionAsync(
            [new EventPipeProvider(Runtime, EventLevel.Informational, (long)Collections)], requestRundown: false, token: cancellationToken);
        var heapSize = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Factory.StartNew(() => Read(session, heapSize), TaskCreationOptions.LongRunning);
        try
        {
            return await heapSize.Task.WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new BenchmarkException($"The process {process} did not collect within {Patience.TotalSeconds} s.");
        }
        finally
        {
            await session.StopAsync(cancellationToken); // while it is still read: the runtime writes out what it holds
            await reading;
        }
    }

    private static void Read(EventPipeSession session, TaskCompletionSource<long> heapSize)
    {
        var isFull = false;
        using var events = new EventPipeEventSource(session.EventStream);
        events.Clr.GCStart += collection => isFull = collection.Depth == 2;
        events.Clr.GCHeapStats += statistics =>
        {
            if (isFull)
            {
                heapSize.TrySetResult(statistics.TotalHeapSize);
            }
        };
        events.Process();
    }
}
