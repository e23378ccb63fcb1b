using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every <see cref="IDueDevices"/> promises. Derived once per database.</summary>
public abstract class DueDevicesConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly DateTimeOffset T = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private StorageHost _host = null!; // set in InitializeAsync

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StorageHost.StartAsync(database, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Only_what_is_due_in_the_shard_comes_and_the_earliest_comes_first()
    {
        var ids = InShard(11, "order").Take(4).ToArray();
        await SaveAsync(Due(ids[0], T.AddSeconds(2)), Due(ids[1], T.AddSeconds(1)), Due(ids[2], T.AddSeconds(3)), Due(ids[3], null));
        await SaveAsync(Due(InShard(12, "order").First(), T));

        var page = await _host.Due.ReadAsync(11, T.AddSeconds(2), null, 10, Cancellation);

        Assert.Equal([(ids[1], T.AddSeconds(1)), (ids[0], T.AddSeconds(2))], page.Select(d => (d.Id, d.DueAt)));
    }

    [Fact]
    public async Task Pages_meet_without_a_gap_and_without_an_overlap_also_between_devices_of_one_instant()
    {
        var ids = InShard(21, "pages").Take(7).ToArray();
        await SaveAsync([.. ids.Select((id, i) => Due(id, T.AddSeconds(i / 5)))]);

        var read = new List<DueDevice>();
        while (await _host.Due.ReadAsync(21, T.AddHours(1), read.LastOrDefault(), 2, Cancellation) is { IsEmpty: false } page)
        {
            read.AddRange(page);
        }

        Assert.Equal(ids.Select(id => id.Name).Order(), read.Select(d => d.Id).Where(id => id.Tenant == ids[0].Tenant).Select(id => id.Name).Order());
        Assert.Equal(read.Select(d => d.DueAt).Order(), read.Select(d => d.DueAt));
    }

    [Fact]
    public async Task Each_comes_with_the_twin_that_would_be_loaded()
    {
        var device = Due(InShard(31, "twin").First(), T) with { Labels = ADevice("acme/x").Labels.Add("site", "berlin") };
        await SaveAsync(device);
        _host.Store.TryTouch(device.Id, new LastSeen { SeenAt = device.Seen!.SeenAt.AddMinutes(5), CheckInAt = T.AddYears(1) });

        var read = Assert.Single(await _host.Due.ReadAsync(31, T, null, 10, Cancellation));

        var loaded = await _host.Store.FindAsync(device.Id, Cancellation);
        Assert.Equal(device.Version, read.Version);
        AssertSame(device.Posture!, read.Twin!.Posture!);
        Assert.Equal(device.Labels, read.Twin.Labels);
        Assert.Equal(loaded!.Seen, read.Twin.Seen);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_does_not_hide_the_others()
    {
        var ids = InShard(41, "broken").Take(2).ToArray();
        await SaveAsync(Due(ids[0], T), Due(ids[1], T.AddSeconds(1)));
        await database.ExecuteAsync($"UPDATE devices SET state = {(database is PostgresDatabase ? "'\\x7b'" : "x'7b'")} WHERE tenant = 'broken' AND device = '{ids[0].Name}'");

        var page = await _host.Due.ReadAsync(41, T.AddSeconds(1), null, 10, Cancellation);

        Assert.Equal([(ids[0], false), (ids[1], true)], page.Select(d => (d.Id, d.Twin is not null)));
    }

    [Fact]
    public async Task Hastening_brings_forward_those_that_another_version_judged_and_leaves_the_rest()
    {
        var stale = Judged("haste/stale", new PolicyVersion("baseline", 2));
        var current = Judged("haste/current", new PolicyVersion("baseline", 3));
        var other = Judged("haste/other", new PolicyVersion("kiosk", 1));
        var unjudged = Judged("haste/unjudged", null);
        var sooner = Judged("haste/sooner", new PolicyVersion("baseline", 2)) with { NextDueAt = T.AddSeconds(-5) };
        var retired = Judged("haste/retired", new PolicyVersion("baseline", 2)) with { Lifecycle = LifecycleState.Retired };
        var elsewhere = Judged("globex/stale", new PolicyVersion("baseline", 2));
        await SaveAsync(stale, current, other, unjudged, sooner, retired, elsewhere);
        var haste = new Haste(stale.Id.Tenant, new PolicyVersion("baseline", 3), T, T.AddMinutes(1));

        var step = await _host.Due.HastenAsync(haste, null, 100, Cancellation);

        Assert.Equal(new HasteStep(2, null), step);
        Device[] moved = [stale, unjudged], kept = [current, other, retired, elsewhere];
        foreach (var device in moved)
        {
            Assert.InRange((await DueAtAsync(device))!.Value, T, T.AddMinutes(1));
        }

        foreach (var device in kept)
        {
            Assert.Equal(device.NextDueAt, await DueAtAsync(device));
        }

        Assert.Equal(sooner.NextDueAt, await DueAtAsync(sooner));
        Assert.Equal(0, (await _host.Due.HastenAsync(haste, null, 100, Cancellation)).Moved);
    }

    [Fact]
    public async Task Hastening_goes_through_a_tenant_page_by_page()
    {
        var devices = Enumerable.Range(0, 5).Select(i => Judged($"paged/device-{i}", new PolicyVersion("baseline", 1))).ToArray();
        await SaveAsync(devices);
        var haste = new Haste(devices[0].Id.Tenant, null, T, T.AddMinutes(1));

        var first = await _host.Due.HastenAsync(haste, null, 2, Cancellation);
        var second = await _host.Due.HastenAsync(haste, first.Last, 2, Cancellation);
        var third = await _host.Due.HastenAsync(haste, second.Last, 2, Cancellation);

        Assert.Equal([new HasteStep(2, "device-1"), new HasteStep(2, "device-3"), new HasteStep(1, null)], [first, second, third]);
    }

    [Fact]
    public async Task A_write_of_the_twin_wins_over_a_haste()
    {
        var device = Judged("written/device", new PolicyVersion("baseline", 1));
        await SaveAsync(device);
        await _host.Due.HastenAsync(new Haste(device.Id.Tenant, null, T, T.AddMinutes(1)), null, 10, Cancellation);

        var outcome = await _host.Store.SaveAsync(device with { NextDueAt = T }, device.Next() with { NextDueAt = T.AddDays(1) }, None, Cancellation);

        Assert.Equal(SaveOutcome.Saved, outcome);
        Assert.Equal(T.AddDays(1), await DueAtAsync(device));
    }

    [Fact]
    public async Task Postponing_stores_other_times_for_the_same_version_and_leaves_the_rest()
    {
        var device = Judged("later/device", new PolicyVersion("baseline", 1));
        await SaveAsync(device);
        var after = Later(device);

        Assert.Equal(SaveOutcome.Saved, await _host.Due.PostponeAsync(device, after, Cancellation));

        var loaded = (await _host.Store.FindAsync(device.Id, Cancellation))!;
        Assert.Equal((after.NextDueAt, after.Compliance, device.Version), (loaded.NextDueAt, loaded.Compliance, loaded.Version));
        AssertSame(device.Posture!, loaded.Posture!);
        Assert.Equal((device.Labels, device.Chain), (loaded.Labels, loaded.Chain));
        Assert.Equal(after.NextDueAt, await DueAtAsync(device));
        Assert.Equal(SaveOutcome.Saved, await _host.Store.SaveAsync(device, device.Next(), None, Cancellation)); // who knows nothing of it
    }

    [Fact]
    public async Task Only_the_twin_that_was_read_is_postponed_and_only_from_when_it_was_due()
    {
        var written = Judged("fenced/written", new PolicyVersion("baseline", 1));
        var hastened = Judged("fenced/hastened", new PolicyVersion("baseline", 1));
        var gone = Judged("fenced/gone", new PolicyVersion("baseline", 1));
        var reborn = Judged("fenced/reborn", new PolicyVersion("baseline", 1));
        Device[] devices = [written, hastened, gone, reborn];
        await SaveAsync(devices);
        await _host.Store.SaveAsync(written, written.Next(), None, Cancellation);
        await _host.Due.PostponeAsync(hastened, hastened with { NextDueAt = T.AddMinutes(1) }, Cancellation);
        await _host.Store.DeleteAsync(gone, ADeletion(gone), Cancellation);
        await _host.Store.DeleteAsync(reborn, ADeletion(reborn), Cancellation);
        await SaveAsync(reborn with { CreatedAt = T.AddMilliseconds(1), Owner = "another" });

        var outcomes = await Task.WhenAll(devices.Select(device => _host.Due.PostponeAsync(device, Later(device), Cancellation).AsTask()));

        Assert.All(outcomes, outcome => Assert.Equal(SaveOutcome.Conflict, outcome));
        Assert.Equal(T.AddHours(10), await DueAtAsync(written));
        Assert.Equal(T.AddMinutes(1), await DueAtAsync(hastened));
        Assert.Null(await _host.Store.FindAsync(gone.Id, Cancellation));
        Assert.Equal("another", (await _host.Store.FindAsync(reborn.Id, Cancellation))!.Owner);
    }

    [Fact]
    public async Task Of_two_that_postpone_one_twin_at_the_same_time_one_wins()
    {
        var device = Judged("rivals/device", new PolicyVersion("baseline", 1));
        await SaveAsync(device);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.Due.PostponeAsync(device, Later(device), Cancellation).AsTask()));

        Assert.Single(outcomes, SaveOutcome.Saved);
    }

    [Fact]
    public async Task Devices_are_counted_by_the_version_that_judged_them()
    {
        await SaveAsync(
            Judged("progress/a", new PolicyVersion("baseline", 2)),
            Judged("progress/b", new PolicyVersion("baseline", 3)),
            Judged("progress/c", new PolicyVersion("kiosk", 3)),
            Judged("progress/d", new PolicyVersion("baseline", 2)) with { Lifecycle = LifecycleState.Retired });

        var summary = await _host.Queries.SummarizeAsync(TenantId.Parse("progress"), new DeviceFilter(), T, Cancellation);

        Assert.Equal(
            [(new PolicyVersion("baseline", 2), 1L), (new PolicyVersion("baseline", 3), 1L), (new PolicyVersion("kiosk", 3), 1L)],
            summary.Policies.Select(count => (count.Key, count.Value)).OrderBy(count => (count.Key.Id, count.Key.Version)));
    }

    [Fact]
    public async Task Nominated_devices_are_listed_until_they_are_not_any_more()
    {
        var nominated = ADevice("nominated/a");
        nominated = nominated with { Compliance = nominated.Compliance with { Ladder = new LadderState { NominatedAt = T } } };
        await SaveAsync(nominated, ADevice("nominated/b"));
        var filter = new DeviceFilter { Nominated = true };

        Assert.Equal("a", Assert.Single(await _host.Queries.ListAsync(nominated.Id.Tenant, filter, null, 10, Cancellation)).Id.Name);

        await _host.Store.SaveAsync(nominated, nominated.Next() with { Compliance = nominated.Compliance with { Ladder = null } }, None, Cancellation);

        Assert.Empty(await _host.Queries.ListAsync(nominated.Id.Tenant, filter, null, 10, Cancellation));
    }

    private static IEnumerable<DeviceId> InShard(int shard, string tenant) =>
        Enumerable.Range(0, int.MaxValue).Select(i => DeviceId.Parse($"{tenant}/device-{i}")).Where(id => id.Shard == shard);

    private static Device Due(DeviceId id, DateTimeOffset? at) => ADevice(id.ToString()) with { NextDueAt = at };

    private static Device Judged(string id, PolicyVersion? by)
    {
        var device = ADevice(id);
        return device with { NextDueAt = T.AddHours(10), Compliance = device.Compliance with { Policy = by } };
    }

    private static Device Later(Device device) =>
        device with { NextDueAt = T.AddHours(34), Compliance = device.Compliance with { EvaluatedAt = T.AddHours(10), NextChangeAt = T.AddHours(40) } };

    private async Task SaveAsync(params Device[] devices) =>
        await Task.WhenAll(devices.Select(device => _host.Store.SaveAsync(null, device, None, Cancellation).AsTask()));

    private async Task<DateTimeOffset?> DueAtAsync(Device device)
    {
        var page = await _host.Due.ReadAsync(device.Id.Shard, DateTimeOffset.MaxValue.AddDays(-1), null, 1000, Cancellation);
        return page.SingleOrDefault(due => due.Id == device.Id)?.DueAt;
    }
}

public sealed class PostgresDueDevicesTests(PostgresDatabase database) : DueDevicesConformance(database), IClassFixture<PostgresDatabase>;

public sealed class SqliteDueDevicesTests(SqliteDatabase database) : DueDevicesConformance(database), IClassFixture<SqliteDatabase>;
