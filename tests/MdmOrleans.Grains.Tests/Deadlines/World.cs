using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Grains.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace MdmOrleans.Grains.Tests.Deadlines;

/// <summary>One server with the real grains over a real database, in a time that passes only when it is told to. It can be down, and the time passes all the same.</summary>
public sealed class World : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ITestDatabase _database;
    private readonly Action<IServiceCollection>? _configure;
    private readonly ConcurrentDictionary<(string Name, GrainId Grain), byte[]> _kept = new();
    private readonly HashSet<DeviceId> _devices = [];
    private RealStorage? _storage;
    private InProcessTestCluster? _cluster;

    private World(ITestDatabase database, Action<IServiceCollection>? configure) => (_database, _configure) = (database, configure);

    public FakeTimeProvider Time { get; } = new(Start);

    public DateTimeOffset Now => Time.GetUtcNow();

    public IGrainFactory Grains => (_cluster ?? throw new InvalidOperationException("The server is down.")).Client;

    /// <summary>What everybody else writes to as well.</summary>
    public IDeviceStore Store => _storage!.Store; // asked of a server that is up

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<World> StartAsync(ITestDatabase database, Action<IServiceCollection>? configure = null)
    {
        var world = new World(database, configure);
        await world.UpAsync();
        return world;
    }

    public async Task UpAsync()
    {
        var storage = _storage = await RealStorage.StartAsync(_database);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMdmGrains(hostsDevices: true);
            silo.UseInMemoryReminderService();
            silo.Services
                .AddSingleton<TimeProvider>(Time)
                .UseTimeProviderForBackgroundAreas(TimeProvider.System)
                .AddKeyedSingleton<IGrainStorage>(
                    GrainStorageNames.Default, (services, _) => new KeptGrainStorage(_kept, services.GetRequiredService<Serializer>()));
            storage.AddTo(silo.Services);
            _configure?.Invoke(silo.Services);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DownAsync()
    {
        if (_cluster is { } cluster)
        {
            _cluster = null;
            await cluster.DisposeAsync();
            await _storage!.DisposeAsync(); // as old as the cluster
        }
    }

    public async ValueTask DisposeAsync() => await DownAsync();

    public async Task CreateTenantAsync(string tenant, string policy)
    {
        await PutTenantAsync(tenant, null);
        await PutPolicyAsync($"{tenant}/baseline", policy);
        await PutTenantAsync(tenant, "baseline");
    }

    public async Task PutTenantAsync(string tenant, string? defaultPolicy)
    {
        var settings = new TenantSettings { Name = tenant, DefaultPolicy = defaultPolicy };
        Demand(await Grains.GetGrain<ITenantGrain>(tenant).PutAsync(settings, null, "test", Cancellation));
    }

    public async Task<StoredPolicy> PutPolicyAsync(string policy, string json) =>
        Demand(await Grains.GetGrain<IPolicyGrain>(policy).PutAsync(Utf8Block.FromText(json), null, "test", Cancellation));

    public async Task<DeviceId> CreateDeviceAsync(string name)
    {
        var id = DeviceId.Parse(name);
        Demand(await Twin(id).CreateAsync(new CreateDevice { Token = SecretHash.Of(name), Actor = "test" }, Cancellation));
        _devices.Add(id);
        return id;
    }

    public IDeviceTwin Twin(DeviceId id) => Grains.GetGrain<IDeviceTwin>(id.ToString());

    /// <summary>As a device does: what could not be stored is sent again.</summary>
    public async Task<Verdict> CheckInAsync(DeviceId id, string osVersion)
    {
        var posture = new Posture { Platform = Platform.Android, OsVersion = osVersion, EncryptionStatus = EncryptionStatus.Encrypted };
        while (true)
        {
            var outcome = await Grains.GetGrain<IDeviceCheckIns>(id.ToString()).CheckInAsync(new CheckIn { Posture = posture }, Cancellation);
            if (outcome.Problem is not { Kind: ProblemKind.Unavailable })
            {
                return Demand(outcome);
            }
        }
    }

    /// <summary>The time passes; what is due is done when this returns, if the server is up.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        if (_cluster is not null)
        {
            await SettleAsync();
        }
    }

    public Task SettleAsync() =>
        Task.WhenAll(_devices.Select(id => id.Shard).Distinct().Select(shard => Grains.GetGrain<IDeadlineShard>(shard).SettleAsync(Cancellation)));

    public async Task<Device> ReadAsync(DeviceId id) => (await Twin(id).ReadAsync(Cancellation))!; // asked of devices that were created

    /// <summary>Whatever the device knew and had not stored is lost.</summary>
    public Task ForgetAsync(DeviceId id) => _cluster!.DeactivateAsync(Twin(id)); // asked of a server that is up

    /// <summary>Completes when the device is not in memory.</summary>
    public Task ForgottenAsync(DeviceId id) => _cluster!.WaitForDeactivationAsync(Twin(id)); // asked of a server that is up

    public async Task<ImmutableArray<DeviceEvent>> HistoryAsync(DeviceId id)
    {
        var queries = _storage!.Queries; // asked of a server that is up
        var events = ImmutableArray.CreateBuilder<DeviceEvent>();
        while (await queries.ReadEventsAsync(id, events.Count, 1000, Cancellation) is { IsEmpty: false } page)
        {
            events.AddRange(page);
        }

        return events.ToImmutable();
    }

    private static T Demand<T>(Outcome<T> outcome)
        where T : class
    {
        Assert.Null(outcome.Problem);
        return outcome.Value!; // there is one or the other
    }
}
