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
        yield return Said("acme/c-lost", Platform.Android) with
        {
            Lifecycle = LifecycleState.Quarantined,
            Access = new AccessState(AccessLevel.Quarantine, "lost", Now),
            Labels = labels.Add("site", "paris"),
            Seen = new LastSeen { SeenAt = Now.AddHours(-2) },
            Commands = CommandQueue.Empty with { Pending = [ACommand() with { Kind = CommandKind.Wipe, Status = CommandStatus.OnHold }] },
        };
        yield return Said("acme/d-ios", Platform.Ios) with
        {
            Compliance = ComplianceState.Initial with { Status = ComplianceStatus.InGracePeriod },
        };
        yield return Said("acme/e-retired", Platform.Android) with { Lifecycle = LifecycleState.Retired };
        yield return Said("globex/other-tenant", Platform.Android);
    }

    private static Device Said(string id, Platform platform)
    {
        var device = ADevice(id);
        return device with { Posture = device.Posture! with { Platform = platform, Serial = $"S-{device.Id.Name[0]}" } };
    }
}

public sealed class PostgresDeviceQueriesTests(PostgresDatabase database) : DeviceQueriesConformance(database),
    IClassFixture<PostgresDatabase>;

public sealed class SqliteDeviceQueriesTests(SqliteDatabase database) : DeviceQueriesConformance(database), IClassFixture<SqliteDatabase>;
