using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Integration.Tests.Storage;
using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Grains.Tests.Deadlines;

/// <summary>The storage of one server, from its start to its orderly end. Its patience is measured in real time: the database is real.</summary>
internal sealed class RealStorage : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RealStorage(ServiceProvider services) => _services = services;

    public IDeviceStore Store => _services.GetRequiredService<IDeviceStore>();

    public IDeviceQueries Queries => _services.GetRequiredService<IDeviceQueries>();

    public static async Task<RealStorage> StartAsync(ITestDatabase database)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        database.AddStorage(services);
        var storage = new RealStorage(services.BuildServiceProvider());
        await storage._services.GetRequiredService<IStorageSchema>().MigrateAsync(TestContext.Current.CancellationToken);
        return storage;
    }

    /// <summary>The ports that grains need.</summary>
    public void AddTo(IServiceCollection services) => services
        .AddSingleton(Store)
        .AddSingleton(_services.GetRequiredService<IStoreLoad>())
        .AddSingleton(_services.GetRequiredService<IDueDevices>())
        .AddSingleton(_services.GetRequiredService<IEventStream>())
        .AddSingleton(_services.GetRequiredService<IAuditTrail>())
        .AddSingleton(_services.GetRequiredService<ITombstones>())
        .AddSingleton(Queries);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
