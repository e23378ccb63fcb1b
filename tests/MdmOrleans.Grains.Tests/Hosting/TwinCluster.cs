using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Audit;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.CheckIns;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Grains.Sessions;
using MdmOrleans.Grains.Tenancy;
using MdmOrleans.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Core.Internal;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>Two silos with the real grains over one real SQLite store, and a clock that stands still until it is moved.</summary>
public sealed class TwinCluster : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), byte[]> _states = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-grains-");
    private ServiceProvider _storage = null!; // set in InitializeAsync, as is everything below
    private InProcessTestCluster _cluster = null!;

    /// <summary>Few, so that a test can use them up.</summary>
    public const int EventsPerDay = 5;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero));

    public BreakableStore Store { get; private set; } = null!;

    /// <summary>Faults of the storage of all grains but the devices'.</summary>
    public GrainStorageFaults StateFaults { get; } = new();

    public AnchorKey AnchorKey { get; } = new(new byte[AnchorKey.Length]);

    public IAuditTrail Trail => _storage.GetRequiredService<IAuditTrail>();

    public IChainAnchors Anchors => _storage.GetRequiredService<IChainAnchors>();

    public IAuditKeeper AuditKeeper => _cluster.Client.GetGrain<IAuditKeeper>(0);

    public RecordingGateways Gateways { get; } = new();

    /// <summary>True: what one silo announces, no other hears.</summary>
    public bool IsDeaf { get; set; }

    public SiloAddress[] Silos => [.. _cluster.Silos.Select(silo => silo.SiloAddress)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
            .AddSqliteStorage(_directory.FullName);
        var ports = services.Select(service => service.ServiceType).Where(type => type.Assembly == typeof(IDeviceStore).Assembly).ToArray();
        _storage = services.BuildServiceProvider();
        await _storage.GetRequiredService<IStorageSchema>().MigrateAsync(Cancellation);
        Store = new BreakableStore(_storage.GetRequiredService<IDeviceStore>());

        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            foreach (var port in ports)
            {
                silo.Services.AddSingleton(port, _storage.GetRequiredService(port)); // one store for all silos
            }

            silo.Services.AddKeyedSingleton<IGrainStorage>(GrainStorageNames.Default, (provider, _) => new BreakableGrainStorage(
                new KeptGrainStorage(_states, provider.GetRequiredService<Serializer>()), StateFaults));
            silo.AddMdmGrains(hostsDevices: true);
            silo.Services.Configure<EventOptions>(options => options.EventsPerDay = EventsPerDay);
            silo.Services
                .AddSingleton<TimeProvider>(Time)
                .UseTimeProviderForBackgroundAreas(TimeProvider.System)
                .AddSingleton<IDeviceStore>(Store)
                .AddSingleton(AnchorKey)
                .AddSingleton<IGatewayClient>(Gateways)
                .AddSingleton<ITenantBroadcast>(provider => new InterruptedBroadcast(
                    ActivatorUtilities.CreateInstance<TenantBroadcast>(provider), () => IsDeaf));
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _storage.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>The device's history.</summary>
    public async Task<ImmutableArray<DeviceEvent>> EventsAsync(string device) =>
        await _storage.GetRequiredService<IDeviceQueries>().ReadEventsAsync(DeviceId.Parse(device), 0, 1000, Cancellation);

    public IDeviceTwin Twin(string device) => _cluster.Client.GetGrain<IDeviceTwin>(device);

    public IDeviceCheckIns CheckIns(string device) => _cluster.Client.GetGrain<IDeviceCheckIns>(device);

    public IDeviceCommands Commands(string device) => _cluster.Client.GetGrain<IDeviceCommands>(device);

    public IDeviceSessions Sessions(string device) => _cluster.Client.GetGrain<IDeviceSessions>(device);

    /// <summary>A tenant that asks nothing of its devices.</summary>
    public async Task CreateTenantAsync(string tenant) => await PutTenantAsync(tenant, defaultPolicy: null);

    public async Task PutTenantAsync(string tenant, string? defaultPolicy)
    {
        var settings = new TenantSettings { Name = tenant, DefaultPolicy = defaultPolicy, NoncompliantWithoutPolicy = false };
        var outcome = await _cluster.Client.GetGrain<ITenantGrain>(tenant).PutAsync(settings, null, "test", Cancellation);
        Assert.Null(outcome.Problem);
    }

    public async Task PutPolicyAsync(string policy, string json)
    {
        var outcome = await _cluster.Client.GetGrain<IPolicyGrain>(policy).PutAsync(Utf8Block.FromText(json), null, "test", Cancellation);
        Assert.Null(outcome.Problem);
    }

    public async Task CreateDeviceAsync(string device)
    {
        var outcome = await Twin(device).CreateAsync(new CreateDevice { Token = SecretHash.Of(device), Actor = "test" }, Cancellation);
        Assert.Null(outcome.Problem);
    }

    /// <summary>Moves the device's activation there; one that is there already stays.</summary>
    public Task MoveAsync(string device, SiloAddress silo) =>
        _cluster.TryGetGrainContext(Twin(device).GetGrainId(), out var context) && silo.Equals(context.Address.SiloAddress)
            ? Task.CompletedTask
            : _cluster.MigrateAsync(Twin(device), silo);

    public bool IsInMemory(string device) => _cluster.TryGetGrainContext(Twin(device).GetGrainId(), out _);

    /// <summary>What this silo judges by.</summary>
    public TenantCatalog Catalog(SiloAddress silo) => _cluster.GetSiloServiceProvider(silo).GetRequiredService<TenantCatalog>();

    /// <summary>What is stored of the grain, to be put back with <see cref="RestoreStateAsync"/>.</summary>
    public byte[] CopyState(string state, IAddressable grain) => _states[(state, grain.GetGrainId())];

    /// <summary>As if everything since <see cref="CopyState"/> had never been stored.</summary>
    public Task RestoreStateAsync(string state, IAddressable grain, byte[] copy)
    {
        _states[(state, grain.GetGrainId())] = copy;
        return ForgetAsync(grain);
    }

    /// <summary>Ends the grain's activation, so that the next call reads its state.</summary>
    public async Task ForgetAsync(IAddressable grain)
    {
        var forgotten = ForgottenAsync(grain);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await forgotten;
    }

    /// <summary>Completes when the activation that is there now is gone, and at once when there is none.</summary>
    public Task ForgottenAsync(string device) => ForgottenAsync(Twin(device));

    /// <inheritdoc cref="ForgottenAsync(string)"/>
    public Task ForgottenAsync(IAddressable grain) => _cluster.WaitForDeactivationAsync(grain);
}
