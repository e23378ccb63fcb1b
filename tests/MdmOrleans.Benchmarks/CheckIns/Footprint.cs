using System.Diagnostics.Tracing;
using MdmOrleans.Benchmarks.Processes;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>What a process holds in memory, in bytes, after a full collection.</summary>
/// <param name="Resident">All of it, as the kernel counts.</param>
/// <param name="Managed">On the managed heap.</param>
internal sealed record Footprint(double Resident, double Managed)
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const ClrTraceEventParser.Keywords Collections = ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.GCHeapCollect;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>Collects twice, with time in between for finalizers and for the collector to give memory back.</summary>
    public static async Task<Footprint> TakeAsync(int process, CancellationToken cancellationToken)
    {
        await CollectAsync(process, cancellationToken);
        await Task.Delay(Settling, TimeProvider.System, cancellationToken);
        var managed = await CollectAsync(process, cancellationToken);
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
        return await Task.Run(() => ReadHeapSize(session), cancellationToken);
    }

    private static long ReadHeapSize(EventPipeSession session)
    {
        var bytes = 0L;
        var isFull = false;
        using var events = new EventPipeEventSource(session.EventStream);
        events.Clr.GCStart += collection => isFull = collection.Depth == 2;
        events.Clr.GCHeapStats += statistics =>
        {
            if (isFull)
            {
                bytes = statistics.TotalHeapSize;
                events.StopProcessing();
            }
        };
        events.Process();
        return bytes;
    }
}
