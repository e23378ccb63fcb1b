using System.Collections.Immutable;
using HdrHistogram;
using MdmOrleans.Benchmarks.Processes;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MdmOrleans.Benchmarks.Storage;

/// <summary>As many callers as devices, each with one request under way.</summary>
internal sealed class StorageBench(IServiceProvider services, int? server, int callers, TimeSpan duration)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly Device[] _devices = [.. Enumerable.Range(0, callers).Select(SampleTwin.Create)];

    public async Task CreateAsync(int lanes)
    {
        await using var writes = ACommitter(lanes, batchSize: 512);
        await Task.WhenAll(_devices.Select(device => SaveAsync(writes, null, device, [])));
    }

    public async Task<StorageFigures> SaveAsync(int lanes, int batchSize, int events, bool sameAttributes = false)
    {
        await using var writes = ACommitter(lanes, batchSize);
        return await MeasureAsync(callers, async i =>
        {
            var before = _devices[i];
            var after = SampleTwin.Next(before);
            if (sameAttributes)
            {
                after = after with { Posture = after.Posture! with { Attributes = before.Posture!.Attributes } };
            }

            ImmutableArray<DeviceEvent> history = events == 0 ? [] : [SampleTwin.EventOf(after)];
            await SaveAsync(writes, before, after, history);
            _devices[i] = after;
            return 1;
        });
    }

    public Task<StorageFigures> FindAsync()
    {
        var store = services.GetRequiredService<IDeviceStore>();
        return MeasureAsync(callers, async i =>
        {
            await store.FindAsync(_devices[i].Id, CancellationToken.None);
            return 1;
        });
    }

    public Task<StorageFigures> TouchAsync()
    {
        var writer = services.GetRequiredService<ISeenWriter>();
        var seenAt = TimeProvider.System.GetUtcNow();
        return MeasureAsync(1, async _ =>
        {
            seenAt = seenAt.AddSeconds(1);
            KeyValuePair<DeviceId, LastSeen>[] batch =
            [
                .. _devices.Take(1024).Select(device => KeyValuePair.Create(device.Id, device.Seen! with { SeenAt = seenAt })),
            ];
            await writer.WriteAsync(batch, CancellationToken.None);
            return batch.Length;
        });
    }

    private static async Task SaveAsync(
        GroupCommitter<DeviceWrite, SaveOutcome> writes, Device? before, Device after, ImmutableArray<DeviceEvent> events)
    {
        var outcome = await writes.SubmitAsync((uint)after.Id.GetHashCode(), new DeviceWrite(before, after, events), CancellationToken.None);
        if (outcome is not SaveOutcome.Saved)
        {
            throw new BenchmarkException($"Nobody else writes {after.Id}, and yet it was stored by another.");
        }
    }

    /// <param name="act">What caller i does over and over; answers how many rows it was.</param>
    private async Task<StorageFigures> MeasureAsync(int count, Func<int, Task<int>> act)
    {
        var latency = new LongConcurrentHistogram(1, (long)Longest.TotalMicroseconds, 3);
        var rows = 0L;
        using var end = new CancellationTokenSource();
        var work = Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => RepeatAsync(i))));

        await Task.Delay(WarmUp, TimeProvider.System);
        latency.Reset();
        var (rowsBefore, here, there, started) = (Interlocked.Read(ref rows), CpuHere(), CpuThere(), TimeProvider.System.GetTimestamp());
        await Task.Delay(duration, TimeProvider.System);
        var (done, elapsed) = (Interlocked.Read(ref rows) - rowsBefore, TimeProvider.System.GetElapsedTime(started));
        var figures = new StorageFigures(
            done / elapsed.TotalSeconds,
            TimeSpan.FromMicroseconds(latency.GetValueAtPercentile(50)),
            TimeSpan.FromMicroseconds(latency.GetValueAtPercentile(99)),
            (CpuHere() - here) / Math.Max(1, done),
            (CpuThere() - there) / Math.Max(1, done));
        await end.CancelAsync();
        await work;
        return figures;

        async Task RepeatAsync(int i)
        {
            while (!end.IsCancellationRequested)
            {
                var begun = TimeProvider.System.GetTimestamp();
                Interlocked.Add(ref rows, await act(i));
                latency.RecordValue(Math.Max(1, (long)TimeProvider.System.GetElapsedTime(begun).TotalMicroseconds));
            }
        }
    }

    private static TimeSpan CpuHere() => Environment.CpuUsage.TotalTime;

    private TimeSpan CpuThere() => server is { } id ? ProcessTree.CpuTime(id) : TimeSpan.Zero;

    private GroupCommitter<DeviceWrite, SaveOutcome> ACommitter(int lanes, int batchSize) => new(
        services.GetRequiredService<IBatchProcessor<DeviceWrite, SaveOutcome>>(),
        DeviceWrite.SameDevice,
        new GroupCommitOptions
        {
            Name = "benchmark",
            Lanes = lanes,
            BatchSize = batchSize,
            LaneCapacity = 100_000,
            Patience = TimeSpan.FromMinutes(1), // the baseline is that slow
        },
        services.GetRequiredService<StorageInstruments>(),
        TimeProvider.System,
        NullLogger.Instance);
}
