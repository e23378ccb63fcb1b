using System.Collections.Immutable;
using MdmOrleans.Abstractions.Deadlines;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Keeps this silo's shards awake: from when it joins, whenever another one joins or leaves, and every half minute.</summary>
internal sealed partial class DeadlineKeeper(
    IGrainFactory grains,
    IClusterManifestProvider manifests,
    ILocalSiloDetails local,
    TwinHandover handover,
    TimeProvider time,
    ILogger<DeadlineKeeper> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int AtATime = 32;
    private static readonly GrainType Shards = GrainType.Create("mdm.deadlines");
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(DeadlineKeeper), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _work = Task.WhenAll(Task.Run(FollowAsync, CancellationToken.None), Task.Run(RepeatAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _work;
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var manifest in manifests.Updates.WithCancellation(_stopping.Token))
            {
                handover.Distrust(); // a silo that left may have written what was read here before
                await KeepAsync(manifest);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return; // the silo stops
        }
    }

    // For what went wrong the first time. The reminders do the same, more slowly, for a silo that cannot.
    private async Task RepeatAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await KeepAsync(manifests.Current);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return; // the silo stops
        }
    }

    private async Task KeepAsync(ClusterManifest manifest)
    {
        ImmutableArray<SiloAddress> silos = [.. manifest.Silos.Where(silo => silo.Value.Grains.ContainsKey(Shards)).Select(silo => silo.Key)];
        if (!silos.Contains(local.SiloAddress))
        {
            return; // not active yet, or not any more
        }

        var own = Enumerable.Range(0, DeadlineShards.Count).Where(shard => ShardPlan.OwnerOf(shard, silos).Equals(local.SiloAddress));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = _stopping.Token };
        await Parallel.ForEachAsync(own, parallel, (shard, _) => KeepAsync(shard));
    }

    private async ValueTask KeepAsync(int shard)
    {
        try
        {
            // Where it is to be, if it is not awake or has to move.
            RequestContext.Set(IPlacementDirector.PlacementHintKey, local.SiloAddress);
            await grains.GetGrain<IDeadlineShard>(shard).KeepAsync(local.SiloAddress);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogAsleep(e, shard);
        }
    }

    [LoggerMessage(1411, LogLevel.Warning, "Shard {Shard} could not be activated; trying again")]
    private partial void LogAsleep(Exception exception, int shard);
}
