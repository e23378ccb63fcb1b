using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace MdmOrleans.Grains.Tenancy;

/// <summary>Refreshes each silo's catalog when a tenant or policy changes.</summary>
[GrainInterfaceType("mdm.catalog")]
public interface ITenantCatalogService : IGrainService
{
    /// <summary>Returns when this silo judges by what is stored now.</summary>
    [Alias("Refresh"), ResponseTimeout("00:00:02")]
    Task RefreshAsync(TenantId tenant);
}

internal sealed class TenantCatalogService(
    GrainId id, Silo silo, ILoggerFactory loggers, TenantCatalog catalog, TimeProvider time)
    : GrainService(id, silo, loggers), ITenantCatalogService
{
    private static readonly TimeSpan RepairPeriod = TimeSpan.FromSeconds(10);
    private readonly CancellationTokenSource _stopping = new();
    private Task _repair = Task.CompletedTask;

    public override Task Start()
    {
        _repair = RepairAsync(_stopping.Token);
        return base.Start();
    }

    public override async Task Stop()
    {
        await _stopping.CancelAsync();
        await _repair;
        _stopping.Dispose();
        await base.Stop();
    }

    public Task RefreshAsync(TenantId tenant) => catalog.RefreshAsync(tenant);

    private async Task RepairAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(RepairPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                await catalog.RefreshAllAsync();
            }
        }
        catch (OperationCanceledException)
        {
            return; // the silo stops
        }
    }
}

/// <summary>Tells every silo that a tenant or one of its policies changed.</summary>
public interface ITenantBroadcast
{
    /// <summary>Returns when every silo that answers judges by what is stored now; one that does not catches up within ten seconds.</summary>
    Task AnnounceAsync(TenantId tenant);
}

internal sealed partial class TenantBroadcast(IServiceProvider services, ISiloStatusOracle silos, ILogger<TenantBroadcast> logger)
    : GrainServiceClient<ITenantCatalogService>(services), ITenantBroadcast
{
    public Task AnnounceAsync(TenantId tenant) =>
        Task.WhenAll(silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(silo => AnnounceAsync(silo, tenant)));

    private async Task AnnounceAsync(SiloAddress silo, TenantId tenant)
    {
        try
        {
            await GetGrainService(silo).RefreshAsync(tenant);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogMissed(e, silo, tenant);
        }
    }

    [LoggerMessage(1302, LogLevel.Warning, "Silo {Silo} did not confirm a change of tenant {Tenant}; it will reload the tenant by itself")]
    private partial void LogMissed(Exception exception, SiloAddress silo, TenantId tenant);
}
