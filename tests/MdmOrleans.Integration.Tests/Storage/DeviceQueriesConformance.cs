using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every <see cref="IDeviceQueries"/> promises. Derived once per database.</summary>
public abstract class DeviceQueriesConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private StorageHost _host = null!; // set in InitializeAsync

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await StorageHost.StartAsync(database, TimeProvider.System);
        foreach (var device in Fleet())
        {
            await _host.Store.SaveAsync(null, device, None, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public static TheoryData<string, DeviceFilter, string> Filters => new()
    {
        { "all", new DeviceFilter(), "a-active B-new c-lost d-ios e-retired" },
        { "active", new DeviceFilter { Lifecycle = LifecycleState.Active }, "a-active d-ios" },
        { "provisioned", new DeviceFilter { Lifecycle = LifecycleState.Provisioned }, "B-new" },
        { "in grace", new DeviceFilter { Compliance = ComplianceStatus.InGracePeriod }, "d-ios" },
        { "unknown", new DeviceFilter { Compliance = ComplianceStatus.Unknown }, "B-new" },
        { "quarantined by access", new DeviceFilter { Access = AccessLevel.Quarantine }, "c-lost" },
        { "allowed", new DeviceFilter { Access = AccessLevel.Allow }, "a-active B-new d-ios e-retired" },
        { "ios", new DeviceFilter { Platform = Platform.Ios }, "d-ios" },
        { "label", new DeviceFilter { Label = new("site", "berlin") }, "a-active" },
        { "label in any value", new DeviceFilter { Label = new("site", null) }, "a-active c-lost" },
        { "label that nobody has", new DeviceFilter { Label = new("site'\"", "x") }, "" },
        { "serial", new DeviceFilter { Serial = "S-d" }, "d-ios" },
        { "expected serial", new DeviceFilter { Serial = "S-expected" }, "B-new" },
        { "not seen since", new DeviceFilter { NotSeenSince = Now.AddHours(-1) }, "B-new c-lost" },
        { "checked in since", new DeviceFilter { CheckedInSince = Now.AddHours(-1) }, "a-active d-ios" },
        { "of every shard", new DeviceFilter { ShardsBelow = 256 }, "a-active B-new c-lost d-ios e-retired" },
        { "of no shard", new DeviceFilter { ShardsBelow = 0 }, "" },
        { "held", new DeviceFilter { HasHolds = true }, "c-lost" },
        { "named", new DeviceFilter { Names = ["d-ios", "nobody", "B-new"] }, "B-new d-ios" },
        { "any of two states", Search(new() { Lifecycle = Any("Provisioned", "Retired") }), "B-new e-retired" },
        { "any compliance", Search(new() { Compliance = Any("inGracePeriod", "unknown") }), "B-new d-ios" },
        { "any access", Search(new() { Access = Any("quarantine", "block") }), "c-lost" },
        { "any platform", Search(new() { Platform = Any("ios", "linux") }), "d-ios" },
        { "any label", Search(new() { Label = Any("site=berlin", "site=paris", "floor") }), "a-active c-lost" },
        { "any serial", Search(new() { Serial = Any("S-d", "S-expected") }), "B-new d-ios" },
        { "model", Search(new() { Model = Any("iPad \"5\"") }), "d-ios" },
        { "owner", Search(new() { Owner = Any("kim@example.com", "o'hara") }), "c-lost d-ios" },
        { "app", Search(new() { App = Any("com.example.b") }), "d-ios" },
        { "app that is only a part of a name", Search(new() { App = Any("com.example") }), "" },
        { "failing rule", Search(new() { Rule = Any("os-minimum", "nothing") }), "d-ios" },
        { "os version", Search(new() { OsVersion = Any("16.5") }), "a-active e-retired" },
        { "any os version", Search(new() { OsVersion = Any("16.5.0.0", "17") }), "a-active d-ios e-retired" },
        { "older os version", Search(new() { OsVersion = Any("<16.10") }), "a-active e-retired" },
        { "os version in a range", Search(new() { OsVersion = Any(">16.5", "<=16.10") }), "c-lost" },
        { "another os version", Search(new() { OsVersion = Any("!16.5") }), "c-lost d-ios" },
        { "all at once", Search(new() { OsVersion = Any(">=17"), Model = Any("iPad \"5\""), Rule = Any("os-minimum"), App = Any("com.example.b") }), "d-ios" },
        { "two at once", new DeviceFilter { Lifecycle = LifecycleState.Active, Platform = Platform.Android }, "a-active" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task A_filter_finds_names_and_counts_the_devices_that_it_describes_and_no_others(string what, DeviceFilter filter, string expected)
    {
        var found = await _host.Queries.ListAsync(Acme, filter, after: null, limit: 100, Cancellation);

        var names = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        Assert.True(names.SequenceEqual(Names(found)), $"{what}: {string.Join(' ', Names(found))}");
        Assert.Equal(Names(found), await _host.Queries.ListNamesAsync(Acme, filter, after: null, limit: 100, Cancellation));
        Assert.Equal(found.Length, (await _host.Queries.SummarizeAsync(Acme, filter, Now, Cancellation)).Devices);
    }

    [Fact]
    public async Task Devices_of_several_tenants_are_listed_in_pages_by_tenant_and_name()
    {
        await _host.Store.SaveAsync(null, ADevice("zeta/a-device"), None, Cancellation);
        ImmutableArray<TenantId> tenants = [TenantId.Parse("zeta"), Acme, TenantId.Parse("nobody")];
        var filter = Search(new() { Lifecycle = Any("Active") });

        var first = await _host.Queries.ListAsync(tenants, filter, after: null, limit: 2, Cancellation);
        var second = await _host.Queries.ListAsync(tenants, filter, after: first[^1].Id, limit: 2, Cancellation);

        Assert.Equal(["acme/a-active", "acme/d-ios"], first.Select(device => device.Id.ToString()));
        Assert.Equal(["zeta/a-device"], second.Select(device => device.Id.ToString()));
    }

    [Fact]
    public async Task A_device_leaves_the_failing_ones_of_a_rule_with_its_finding()
    {
        var failing = ADevice("globex/failing");
        failing = failing with { Compliance = failing.Compliance with { Findings = [AFinding()] } };
        var healed = failing.Next() with { Compliance = failing.Compliance with { Findings = [] } };
        var filter = Search(new() { Rule = Any("os-minimum") });
        await _host.Store.SaveAsync(null, failing, None, Cancellation);
        var before = await _host.Queries.ListNamesAsync(failing.Id.Tenant, filter, after: null, limit: 10, Cancellation);

        await _host.Store.SaveAsync(failing, healed, None, Cancellation);

        Assert.Equal(["failing"], before);
        Assert.Empty(await _host.Queries.ListNamesAsync(failing.Id.Tenant, filter, after: null, limit: 10, Cancellation));
    }

    [Fact]
    public async Task Devices_from_before_the_search_are_found_once_the_schema_is_migrated()
    {
        await database.ExecuteAsync("UPDATE devices SET searched = NULL");
        var filter = Search(new() { Model = Any("iPad \"5\""), Rule = Any("os-minimum") });
        Assert.Empty(await _host.Queries.ListNamesAsync(Acme, filter, after: null, limit: 10, Cancellation));

        await _host.Schema.MigrateAsync(Cancellation);

        Assert.Equal(["d-ios"], await _host.Queries.ListNamesAsync(Acme, filter, after: null, limit: 10, Cancellation));
    }

    [Fact]
    public async Task Names_are_listed_in_pages()
    {
        var filter = new DeviceFilter { Platform = Platform.Android };

        Assert.Equal(["a-active", "c-lost"], await _host.Queries.ListNamesAsync(Acme, filter, after: "B-new", limit: 2, Cancellation));
        Assert.Equal(["e-retired"], await _host.Queries.ListNamesAsync(Acme, filter, after: "c-lost", limit: 2, Cancellation));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_overlap()
    {
        var pages = new List<string>();
        for (string? after = null; ;)
        {
            var page = await _host.Queries.ListAsync(Acme, new DeviceFilter(), after, limit: 2, Cancellation);
            if (page.IsEmpty)
            {
                break;
            }

            pages.Add(string.Join(' ', Names(page)));
            after = page[^1].Id.Name;
        }

        Assert.Equal(["B-new a-active", "c-lost d-ios", "e-retired"], pages);
    }

    [Fact]
    public async Task A_listed_device_is_the_whole_twin()
    {
        var found = await _host.Queries.ListAsync(Acme, new DeviceFilter { Serial = "S-d" }, after: null, limit: 1, Cancellation);

        AssertSame(Fleet().Single(device => device.Id.Name == "d-ios").Posture!, found.Single().Posture!);
    }

    [Fact]
    public async Task A_summary_counts_the_devices_of_its_tenant()
    {
        var summary = await _host.Queries.SummarizeAsync(Acme, new DeviceFilter(), Now, Cancellation);

        Assert.Equal(5, summary.Devices);
        Assert.Equal(2, summary.Lifecycle[LifecycleState.Active]);
        Assert.Equal(1, summary.Compliance[ComplianceStatus.InGracePeriod]);
        Assert.Equal(4, summary.Access[AccessLevel.Allow]);
        Assert.Equal(3, summary.Platform[Platform.Android]);
        Assert.Equal(1, summary.Overdue);
        Assert.Equal(Now.AddMinutes(-5), summary.OldestDueAt!.Value, TimeSpan.FromMicroseconds(1));
    }

    [Fact]
    public async Task A_tenant_without_devices_has_an_empty_summary()
    {
        var summary = await _host.Queries.SummarizeAsync(TenantId.Parse("nobody"), new DeviceFilter(), Now, Cancellation);

        Assert.Equal(0, summary.Devices);
        Assert.Null(summary.OldestDueAt);
    }

    [Fact]
    public async Task Events_are_read_in_pages_by_their_number()
    {
        var device = ADevice("globex/history");
        await _host.Store.SaveAsync(null, device, [AnEvent(1), AnEvent(2), AnEvent(3), AnEvent(4)], Cancellation);

        var page = await _host.Queries.ReadEventsAsync(device.Id, after: 1, limit: 2, Cancellation);

        Assert.Equal([2, 3], page.Select(@event => @event.Number));
    }

    [Fact]
    public async Task A_store_that_works_says_that_it_answers()
    {
        Assert.True(await _host.Health.TakesWritesAsync(Cancellation));
    }

    [Fact]
    public async Task A_device_leaves_the_held_ones_with_its_last_hold()
    {
        var held = ADevice("globex/held") with
        {
            Commands = CommandQueue.Empty with { Pending = [ACommand() with { Kind = CommandKind.Wipe, Status = CommandStatus.OnHold }] },
        };
        var released = held.Next() with { Commands = CommandQueue.Empty };
        await _host.Store.SaveAsync(null, held, None, Cancellation);
        var before = await _host.Queries.ListAsync(held.Id.Tenant, new DeviceFilter { HasHolds = true }, after: null, limit: 10, Cancellation);

        await _host.Store.SaveAsync(held, released, None, Cancellation);

        Assert.Equal(["held"], Names(before));
        Assert.Empty(await _host.Queries.ListAsync(held.Id.Tenant, new DeviceFilter { HasHolds = true }, after: null, limit: 10, Cancellation));
    }

    private static DeviceFilter Search(DeviceSearch search) => new() { Search = search };

    private static AnyOf Any(params string[] values) => new([.. values]);

    private static IEnumerable<string> Names(ImmutableArray<Device> devices) => devices.Select(device => device.Id.Name);

    private static IEnumerable<Device> Fleet()
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty;
        yield return Said("acme/a-active", Platform.Android) with { Labels = labels.Add("site", "berlin"), NextDueAt = Now.AddMinutes(-5) };
        yield return ADevice("acme/B-new") with
        {
            Lifecycle = LifecycleState.Provisioned,
            Compliance = ComplianceState.Initial,
            Posture = null,
            Seen = null,
            ExpectedSerial = "S-expected",
        };
        yield return Said("acme/c-lost", Platform.Android, "16.10") with
        {
            Lifecycle = LifecycleState.Quarantined,
            Access = new AccessState(AccessLevel.Quarantine, "lost", Now),
            Labels = labels.Add("site", "paris"),
            Seen = new LastSeen { SeenAt = Now.AddHours(-2) },
            Owner = "o'hara",
            Commands = CommandQueue.Empty with { Pending = [ACommand() with { Kind = CommandKind.Wipe, Status = CommandStatus.OnHold }] },
        };
        yield return Said(
            "acme/d-ios", Platform.Ios, "17.0.0", "iPad \"5\"", """[{"version":"1","id":"com.example.a"},{"id":"com.example.b","version":"2"}]""") with
        {
            Compliance = ComplianceState.Initial with { Status = ComplianceStatus.InGracePeriod, Findings = [AFinding()] },
            Owner = "kim@example.com",
        };
        yield return Said("acme/e-retired", Platform.Android, "16.5.0") with { Lifecycle = LifecycleState.Retired };
        yield return Said("globex/other-tenant", Platform.Android);
    }

    private static Device Said(string id, Platform platform, string osVersion = "16.5", string model = "Zebra TC58", string? apps = null)
    {
        var device = ADevice(id);
        var posture = device.Posture! with { Platform = platform, Serial = $"S-{device.Id.Name[0]}", OsVersion = osVersion, Model = model };
        return device with { Posture = apps is null ? posture : posture with { Apps = Utf8Block.FromText(apps) } };
    }
}

public sealed class PostgresDeviceQueriesTests(PostgresDatabase database) : DeviceQueriesConformance(database),
    IClassFixture<PostgresDatabase>;

public sealed class SqliteDeviceQueriesTests(SqliteDatabase database) : DeviceQueriesConformance(database), IClassFixture<SqliteDatabase>;
