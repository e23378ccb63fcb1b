using System.Collections.Frozen;
using System.Text;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Tenancy;
using Microsoft.Extensions.Time.Testing;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>Which devices of a fleet a change is judged by. Derived once per database.</summary>
public abstract class FleetSampleConformance(ITestDatabase database) : IAsyncLifetime
{
    private const string Encrypted = """{ "name": "Baseline", "rules": [ { "id": "encrypted", "kind": "encryption" } ] }""";
    private const string Locked = """{ "name": "Baseline", "rules": [ { "id": "locked", "kind": "passcode" } ] }""";

    private StorageHost _host = null!; // set in InitializeAsync

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StorageHost.StartAsync(database, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_small_fleet_is_judged_whole_and_without_those_that_are_no_part_of_it()
    {
        await FillAsync("small", 20);
        await _host.Store.SaveAsync(null, ADevice("small/retired") with { Lifecycle = LifecycleState.Retired }, None, Cancellation);
        await _host.Store.SaveAsync(null, ADevice("small/silent") with { Seen = new LastSeen { SeenAt = Now, CheckInAt = Now.AddDays(-31) } }, None, Cancellation);
        await _host.Store.SaveAsync(null, ADevice("small/new") with { Seen = null }, None, Cancellation);

        var (effect, fleet) = await JudgeAsync("small");

        Assert.Equal((20, 20, 20), (fleet, effect.Judged, effect.Affected));
        Assert.True(effect.IsMass);
    }

    [Fact]
    public async Task A_large_fleet_is_judged_by_two_thousand_devices_that_are_the_same_each_time()
    {
        await FillAsync("large", 4500, hasPasscode: i => i % 10 != 7);

        var (first, fleet) = await JudgeAsync("large");
        var (second, _) = await JudgeAsync("large");

        Assert.Equal(2000, first.Judged);
        Assert.InRange(fleet, 3500, 5500); // a few shards stand for all
        Assert.InRange(first.Affected, 140, 260); // one in ten
        Assert.Equal(first.Affected, second.Affected);
    }

    private Task<SaveOutcome[]> FillAsync(string tenant, int devices, Func<int, bool>? hasPasscode = null) => Task.WhenAll(Enumerable.Range(0, devices).Select(i =>
    {
        var device = ADevice($"{tenant}/device-{i}");
        device = device with { Posture = device.Posture! with { PasscodeSet = hasPasscode?.Invoke(i) == true } };
        return _host.Store.SaveAsync(null, device, None, Cancellation).AsTask();
    }));

    private async Task<(FleetEffect Effect, long Fleet)> JudgeAsync(string tenant)
    {
        var id = TenantId.Parse(tenant);
        var settings = new TenantSettings { Name = tenant, DefaultPolicy = "baseline" };
        var before = View(Encrypted, 3);
        var after = View(Locked, 4); // takes access from those without a passcode
        return await new FleetSample(_host.Queries, new FakeTimeProvider(Now)).JudgeAsync(before, after, Now, Cancellation);

        TenantView View(string json, int version) => new(
            new Tenant(id, 1, settings, Now.AddDays(-2), Now.AddDays(-2)),
            new Dictionary<string, Policy>
            {
                ["baseline"] = PolicyReader.Read(Encoding.UTF8.GetBytes(json), new PolicyVersion("baseline", version), Now.AddDays(-2)).Value!, // it is valid
            }.ToFrozenDictionary());
    }
}

public sealed class PostgresFleetSampleTests(PostgresDatabase database) : FleetSampleConformance(database), IClassFixture<PostgresDatabase>;

public sealed class SqliteFleetSampleTests(SqliteDatabase database) : FleetSampleConformance(database), IClassFixture<SqliteDatabase>;
