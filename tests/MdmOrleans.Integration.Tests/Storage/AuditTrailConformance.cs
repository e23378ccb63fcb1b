using System.Collections.Immutable;
using System.Text;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every <see cref="IAuditTrail"/>, <see cref="IChainAnchors"/> and <see cref="ITombstones"/> promises. Derived once per database.</summary>
public abstract class AuditTrailConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly DateTimeOffset Midnight = new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero);

    // Each test has the chains of a tenant to itself.
    private readonly TenantId _tenant = TenantId.Parse($"t{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
    private StorageHost _host = null!; // set in InitializeAsync

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await StorageHost.StartAsync(database, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Records_that_are_appended_at_once_form_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 25).Select(i => AppendAsync(AnEntry() with { Target = $"key:k{i}" })));

        var check = new AuditTrailCheck(_tenant, []);
        var records = await ReadAsync(AuditFilter.All);

        Assert.True(records.All(check.Add), $"{check.Fault} behind {check.End.Number}");
        Assert.Equal(25, check.End.Number);
        Assert.Equal(25, records.Select(record => record.Entry.Target).Distinct().Count());
    }

    [Fact]
    public async Task A_record_is_read_as_it_was_written()
    {
        var entry = AnEntry() with
        {
            Before = Utf8Block.FromText("""{ "a": 1.50 }"""),
            After = Utf8Block.FromText("""{"a":"ö"}"""),
            RequestId = "r-1",
            Address = "192.0.2.7",
            Intent = 17,
        };

        var appended = await AppendAsync(entry);

        Assert.Equal(entry, appended.Entry);
        Assert.Equal(entry, Assert.Single(await ReadAsync(AuditFilter.All)).Entry);
    }

    [Fact]
    public async Task The_chains_of_two_tenants_and_of_the_installation_know_nothing_of_each_other()
    {
        var other = TenantId.Parse(_tenant.Name[..^1] + "x");
        await AppendAsync(AnEntry());
        await _host.Audit.AppendAsync(other, AnEntry(), Cancellation);
        var installation = await _host.Audit.AppendAsync(null, AnEntry() with { Target = _tenant.Name }, Cancellation);

        Assert.Equal(1, Assert.Single(await ReadAsync(AuditFilter.All)).Number);
        Assert.Equal(1, Assert.Single(await _host.Audit.ReadAsync(other, AuditFilter.All, 0, 10, Cancellation)).Number);
        Assert.Equal(
            installation.Number,
            Assert.Single(await _host.Audit.ReadAsync(null, AuditFilter.All with { Target = _tenant.Name }, 0, 10, Cancellation)).Number);
    }

    [Fact]
    public async Task Filters_and_places_leave_out_the_rest()
    {
        await AppendAsync(AnEntry() with { Actor = "key:a", Action = "policy.put", Target = "policy:p" });
        await AppendAsync(AnEntry() with { Actor = "key:b", Action = "policy.put", Target = "policy:q", At = Now.AddMinutes(1) });
        await AppendAsync(AnEntry() with { Actor = "key:b", Action = "tenant.put", Target = "policy:q", At = Now.AddMinutes(2) });

        Assert.Equal([2, 3], await NumbersAsync(new AuditFilter { Actor = "key:b" }));
        Assert.Equal([1, 2], await NumbersAsync(new AuditFilter { Action = "policy.put" }));
        Assert.Equal([2, 3], await NumbersAsync(new AuditFilter { Target = "policy:q" }));
        Assert.Equal([2], await NumbersAsync(new AuditFilter { From = Now.AddMinutes(1), Until = Now.AddMinutes(2) }));
        Assert.Equal([3], (await _host.Audit.ReadAsync(_tenant, AuditFilter.All, 2, 10, Cancellation)).Select(r => r.Number));
        Assert.Equal([1, 2], (await _host.Audit.ReadAsync(_tenant, AuditFilter.All, 0, 2, Cancellation)).Select(r => r.Number));
    }

    [Fact]
    public async Task A_clock_that_is_behind_does_not_turn_the_trail_around()
    {
        await AppendAsync(AnEntry());

        var late = await AppendAsync(AnEntry() with { At = Now.AddHours(-1) });

        Assert.Equal(AnEntry().At, late.Entry.At);
    }

    [Fact]
    public async Task An_announcement_is_open_until_a_record_says_what_came_of_it()
    {
        var first = await AppendAsync(AnEntry() with { Result = AuditResults.Intended });
        var second = await AppendAsync(AnEntry() with { Result = AuditResults.Intended });
        await AppendAsync(AnEntry() with { Result = AuditResults.Done, Intent = first.Number });

        Assert.Equal([second.Number], await OpenAsync(Now.AddSeconds(1)));
        Assert.Empty(await OpenAsync(AnEntry().At));
    }

    [Fact]
    public async Task Nothing_but_one_record_says_what_came_of_an_announcement()
    {
        var announced = await AppendAsync(AnEntry() with { Result = AuditResults.Intended });
        await AppendAsync(AnEntry() with { Intent = announced.Number });

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => AppendAsync(AnEntry() with { Intent = announced.Number }));
        Assert.Equal(3, (await AppendAsync(AnEntry())).Number);
    }

    [Fact]
    public async Task A_deleted_device_leaves_a_tombstone_and_a_record_in_its_tenants_trail()
    {
        var device = await AHistoryAsync("gone", Midnight.AddHours(-1));
        var deletion = ADeletion(device);

        Assert.Equal(SaveOutcome.Saved, await _host.Store.DeleteAsync(device, deletion, Cancellation));

        var tombstone = await _host.Tombstones.FindAsync(device.Id, Now, Cancellation);
        Assert.Equal(new EventChain(deletion.Event.Number, deletion.Event.Hash), tombstone!.Head);
        Assert.Equal("key:admin", tombstone.Actor);
        Assert.Null(await _host.Tombstones.FindAsync(device.Id, Now.AddHours(-1), Cancellation));
        Assert.Equal(deletion.Audit, Assert.Single(await ReadAsync(AuditFilter.All)).Entry);
        Assert.Empty(await _host.Queries.ReadEventsAsync(device.Id, 0, 10, Cancellation));
    }

    [Fact]
    public async Task A_device_that_somebody_changed_meanwhile_is_not_deleted_and_leaves_no_trace()
    {
        var device = await AHistoryAsync("kept", Midnight.AddHours(-1));
        var stale = device with { Version = 7 };

        Assert.Equal(SaveOutcome.Conflict, await _host.Store.DeleteAsync(stale, ADeletion(stale), Cancellation));

        Assert.Null(await _host.Tombstones.FindAsync(device.Id, Now, Cancellation));
        Assert.Empty(await ReadAsync(AuditFilter.All));
    }

    [Fact]
    public async Task The_ends_of_histories_at_an_instant_stay_what_they_were_while_devices_go_on_and_are_deleted()
    {
        await AHistoryAsync("a", Midnight.AddDays(-2), Midnight.AddHours(-1), Midnight.AddHours(1));
        var deleted = await AHistoryAsync("b", Midnight.AddDays(-2), Midnight.AddDays(-2).AddMinutes(1), Midnight.AddHours(-1));
        var then = await DigestsAsync(Midnight);
        var dayBefore = await DigestsAsync(Midnight.AddDays(-1));

        await _host.Store.DeleteAsync(deleted, ADeletion(deleted, Midnight.AddHours(2)), Cancellation);
        await AHistoryAsync("b", Midnight.AddHours(3));
        await AHistoryAsync("c", Midnight.AddHours(3));

        Assert.Equal(2, then.Sum(shard => shard.Histories));
        Assert.Equal(Show(then), Show(await DigestsAsync(Midnight)));
        Assert.Equal(Show(dayBefore), Show(await DigestsAsync(Midnight.AddDays(-1))));
        Assert.NotEqual(Show(then), Show(dayBefore));
        Assert.Equal(4, (await DigestsAsync(Midnight.AddDays(1))).Sum(shard => shard.Histories));
    }

    [Fact]
    public async Task One_shard_is_digested_as_it_is_among_all()
    {
        var device = await AHistoryAsync("a", Midnight.AddHours(-1));
        await AHistoryAsync("b", Midnight.AddHours(-1));

        var all = await DigestsAsync(Midnight);
        var one = await _host.ChainAnchors.DigestHeadsAsync(_tenant, Midnight, device.Id.Shard, Cancellation);

        Assert.Equal(Show(all.Where(shard => shard.Shard == device.Id.Shard)), Show(one));
    }

    [Fact]
    public async Task A_history_that_was_pruned_ends_where_it_did()
    {
        await AHistoryAsync("old", Midnight.AddDays(-90), Midnight.AddDays(-89));
        var device = await AHistoryAsync("old-and-gone", Midnight.AddDays(-90), Midnight.AddHours(-3));
        var then = await DigestsAsync(Midnight);

        await _host.Pruner.PruneAsync(new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), Cancellation);
        var pruned = await DigestsAsync(Midnight);
        await _host.Store.DeleteAsync(device, ADeletion(device), Cancellation);

        Assert.Equal(Show(then), Show(pruned));
        Assert.Equal(Show(then), Show(await DigestsAsync(Midnight)));
    }

    [Fact]
    public async Task A_history_that_was_rewritten_with_every_hash_right_ends_elsewhere()
    {
        var device = await AHistoryAsync("forged", Midnight.AddHours(-1));
        var then = await DigestsAsync(Midnight);

        var forged = EventChain.Seal(device.Id, EventChain.Empty, AnEvent(1) with { Actor = "key:nobody", RecordedAt = Midnight.AddHours(-1) });
        var body = Convert.ToHexString(MdmOrleans.Storage.Json.EventJson.Write(forged));
        await database.ExecuteAsync($"UPDATE device_events SET body = {Hex(body)} WHERE tenant = '{_tenant}' AND device = 'forged' AND number = 1");

        Assert.NotEqual(Show(then), Show(await DigestsAsync(Midnight)));
    }

    [Fact]
    public async Task Anchors_are_kept_once_for_each_instant_and_read_as_they_were_sealed()
    {
        var key = new AnchorKey(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));
        var record = await AppendAsync(AnEntry());
        await AHistoryAsync("a", Midnight.AddHours(-1));
        var first = AnAnchor(key, Midnight, await DigestsAsync(Midnight), await _host.ChainAnchors.FindAuditEndAsync(_tenant, Cancellation), default);
        var second = AnAnchor(key, Midnight.AddDays(1), [], EventChain.Empty, first.Seal);

        await _host.ChainAnchors.AddAsync(first, Cancellation);
        await _host.ChainAnchors.AddAsync(AnAnchor(key, Midnight, [], EventChain.Empty, default), Cancellation);
        await _host.ChainAnchors.AddAsync(second, Cancellation);

        var anchors = await _host.ChainAnchors.ReadAsync(_tenant, 10, Cancellation);
        Assert.Equal([Midnight.AddDays(1), Midnight], anchors.Select(anchor => anchor.At));
        Assert.Equal(record.Number, anchors[1].Audit.Number);
        Assert.Empty(AnchorRules.Check(anchors, isWhole: true, key));
        Assert.True(AnchorRules.Match(anchors[1], await DigestsAsync(Midnight)));
    }

    /// <summary>A literal of these bytes in SQL.</summary>
    protected abstract string Hex(string bytes);

    private static AuditEntry AnEntry() => new()
    {
        At = Now.AddTicks(-(Now.Ticks % TimeSpan.TicksPerMillisecond)),
        Actor = "key:admin",
        Via = AuditVia.Key,
        Action = AuditActions.PolicyPut,
        Target = "policy:baseline",
        Result = AuditResults.Done,
    };

    private ChainAnchor AnAnchor(
        AnchorKey key, DateTimeOffset at, ImmutableArray<ShardHeads> shards, EventChain audit, ReadOnlyMemory<byte> previous) => new ChainAnchor
        {
            Tenant = _tenant,
            At = at,
            Audit = audit,
            Shards = shards,
            Previous = previous,
            KeyId = string.Empty,
            Seal = default,
        }.SealedWith(key);

    private async Task<Device> AHistoryAsync(string device, params DateTimeOffset[] recordedAt)
    {
        var id = DeviceId.Parse($"{_tenant}/{device}");
        var chain = EventChain.Empty;
        var events = ImmutableArray.CreateBuilder<DeviceEvent>();
        foreach (var at in recordedAt)
        {
            var entry = EventChain.Seal(id, chain, AnEvent(chain.Number + 1) with { At = at, RecordedAt = at });
            chain = new EventChain(entry.Number, entry.Hash);
            events.Add(entry);
        }

        var twin = ADevice(id.ToString()) with { Chain = chain };
        Assert.Equal(SaveOutcome.Saved, await _host.Store.SaveAsync(null, twin, events.ToImmutable(), Cancellation));
        return twin;
    }

    private Task<AuditRecord> AppendAsync(AuditEntry entry) => _host.Audit.AppendAsync(_tenant, entry, Cancellation).AsTask();

    private Task<ImmutableArray<AuditRecord>> ReadAsync(AuditFilter filter) => _host.Audit.ReadAsync(_tenant, filter, 0, 100, Cancellation).AsTask();

    private async Task<IEnumerable<long>> NumbersAsync(AuditFilter filter) => (await ReadAsync(filter)).Select(record => record.Number);

    private async Task<IEnumerable<long>> OpenAsync(DateTimeOffset before) =>
        (await _host.Audit.ListOpenAsync(before, 1000, Cancellation)).Where(open => open.Tenant == _tenant).Select(open => open.Record.Number);

    private async Task<ImmutableArray<ShardHeads>> DigestsAsync(DateTimeOffset at) =>
        await _host.ChainAnchors.DigestHeadsAsync(_tenant, at, shard: null, Cancellation);

    private static string[] Show(IEnumerable<ShardHeads> shards) =>
        [.. shards.Select(shard => $"{shard.Shard} {shard.Histories} {Convert.ToHexString(shard.Digest.Span)}")];
}

public sealed class PostgresAuditTrailTests(PostgresDatabase database) : AuditTrailConformance(database), IClassFixture<PostgresDatabase>
{
    protected override string Hex(string bytes) => $"decode('{bytes}', 'hex')";
}

public sealed class SqliteAuditTrailTests(SqliteDatabase database) : AuditTrailConformance(database), IClassFixture<SqliteDatabase>
{
    protected override string Hex(string bytes) => $"x'{bytes}'";
}
