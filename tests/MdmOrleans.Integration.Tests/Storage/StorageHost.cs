using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Storage;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Retention;
using MdmOrleans.Storage.Twins;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>The storage of one server process, from its composition to its orderly end.</summary>
public sealed class StorageHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StorageHost(ServiceProvider services) => _services = services;

    public IDeviceStore Store => _services.GetRequiredService<IDeviceStore>();

    public IDeviceQueries Queries => _services.GetRequiredService<IDeviceQueries>();

    public IEventStream Events => _services.GetRequiredService<IEventStream>();

    public IDueDevices Due => _services.GetRequiredService<IDueDevices>();

    public IEventAnchors Anchors => _services.GetRequiredService<IEventAnchors>();

    public IAuditTrail Audit => _services.GetRequiredService<IAuditTrail>();

    public IChainAnchors ChainAnchors => _services.GetRequiredService<IChainAnchors>();

    public ITombstones Tombstones => _services.GetRequiredService<ITombstones>();

    internal IHistoryPruner Pruner => _services.GetRequiredService<IHistoryPruner>();

    public IStorageHealth Health => _services.GetRequiredService<IStorageHealth>();

    public IStorageSchema Schema => _services.GetRequiredService<IStorageSchema>();

    internal IBatchProcessor<DeviceWrite, SaveOutcome> Batches => _services.GetRequiredService<IBatchProcessor<DeviceWrite, SaveOutcome>>();

    public OrleansDatabase Orleans => _services.GetRequiredService<OrleansDatabase>();

    /// <summary>Composed, and nothing done yet.</summary>
    public static StorageHost Compose(ITestDatabase database, TimeProvider time)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(time);
        database.AddStorage(services);
        return new StorageHost(services.BuildServiceProvider(validateScopes: true));
    }

    public static async Task<StorageHost> StartAsync(ITestDatabase database, TimeProvider time)
    {
        var host = Compose(database, time);
        await host.Schema.MigrateAsync(TestContext.Current.CancellationToken);
        return host;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
