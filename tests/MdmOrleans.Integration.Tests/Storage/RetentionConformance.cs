using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Retention;
using Npgsql;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What forgetting leaves behind. Derived once per database.</summary>
public abstract class RetentionConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly DateTimeOffset January = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset February = January.AddMonths(1);
    private static readonly DateTimeOffset March = January.AddMonths(2);
    private static readonly DateTimeOffset FirstOfFebruary = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset FirstOfMarch = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TenantId _tenant = TenantId.Parse($"t{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
    private StorageHost _host = null!; // set in InitializeAsync

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await StorageHost.StartAsync(database, TimeProvider.System);
        await _host.Pruner.PruneAsync(March.AddMonths(1), Cancellation); // time begins anew: a database sees it go back only when a clock is set
        await MakeMonthAsync(database, January);
        await MakeMonthAsync(database, March); // and none for February: its events are where such events go
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_is_older_is_gone_and_what_is_not_stays()
    {
        var history = await AHistoryAsync("a");

        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);

        Assert.Equal(history.Where(e => e.RecordedAt >= FirstOfMarch).Select(e => e.Number), await NumbersAsync("a"));
    }

    [Fact]
    public async Task The_chain_is_proved_from_the_anchor_on()
    {
        var history = await AHistoryAsync("a");

        await _host.Pruner.PruneAsync(FirstOfFebruary, Cancellation);
        var first = await AuditAsync("a", history);
        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);
        var second = await AuditAsync("a", history);

        Assert.Equal((null, 3L, history[^1].Number), (first.Fault, first.Start.Number, first.End.Number));
        Assert.Equal((null, 6L, history[^1].Number), (second.Fault, second.Start.Number, second.End.Number));
    }

    [Fact]
    public async Task The_last_event_of_each_kind_is_kept()
    {
        var history = await AHistoryAsync("a");

        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);

        var expected = history.Where(e => e.RecordedAt < FirstOfMarch).GroupBy(e => e.Kind).Select(kind => kind.Last().Number).Order();
        Assert.Equal(expected, (await _host.Anchors.ReadAsync(Id("a"), Cancellation)).Select(e => e.Number));
    }

    [Fact]
    public async Task Forgetting_twice_changes_nothing_more()
    {
        var history = await AHistoryAsync("a");

        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);
        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);
        await _host.Pruner.PruneAsync(FirstOfFebruary, Cancellation);

        Assert.Null((await AuditAsync("a", history)).Fault);
    }

    [Fact]
    public async Task A_cursor_whose_past_is_gone_is_told_so_and_others_go_on()
    {
        await AHistoryAsync("a");
        var all = (await ReadAsync(null)).Events;

        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);

        Assert.Equal(ProblemCatalog.CursorPruned, (await _host.Events.ReadAsync(_tenant, all[4].Cursor, [], 10, Cancellation)).Problem);
        Assert.Equal([7, 8, 9], (await ReadAsync(all[5].Cursor)).Events.Select(e => e.Event.Number));
        Assert.Equal([7, 8, 9], (await ReadAsync(null)).Events.Select(e => e.Event.Number));
        Assert.Equal([9], (await ReadAsync(all[7].Cursor)).Events.Select(e => e.Event.Number));
    }

    [Fact]
    public async Task A_tenant_that_lost_nothing_keeps_its_cursors()
    {
        var start = await _host.Events.FindEndAsync(TenantId.Parse("young"), Cancellation);
        await AHistoryAsync("a");

        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);

        Assert.Null((await _host.Events.ReadAsync(TenantId.Parse("young"), start, [], 10, Cancellation)).Problem);
    }

    [Fact]
    public async Task A_deleted_device_leaves_no_anchor()
    {
        await AHistoryAsync("a");
        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);

        var device = (await _host.Store.FindAsync(Id("a"), Cancellation))!;
        await _host.Store.DeleteAsync(device, ADeletion(device), Cancellation);

        Assert.Empty(await _host.Anchors.ReadAsync(Id("a"), Cancellation));
    }

    [Fact]
    public async Task More_devices_than_one_turn_takes_are_all_kept()
    {
        const int Devices = 1203;
        await Task.WhenAll(Enumerable.Range(0, Devices).Select(i => AHistoryAsync($"d{i}", perMonth: 1)));

        await _host.Pruner.PruneAsync(FirstOfMarch, Cancellation);

        for (var i = 0; i < Devices; i += 100)
        {
            Assert.Equal(2, (await _host.Anchors.ReadAsync(Id($"d{i}"), Cancellation))[^1].Number);
            Assert.Equal([3], await NumbersAsync($"d{i}"));
        }
    }

    /// <summary>A partition for that month, where the database has such.</summary>
    protected abstract Task MakeMonthAsync(ITestDatabase database, DateTimeOffset month);

    private async Task<ImmutableArray<DeviceEvent>> AHistoryAsync(string device, int perMonth = 3)
    {
        string[] kinds = [EventKinds.LifecycleChanged, EventKinds.AccessChanged, EventKinds.LifecycleChanged];
        var chain = EventChain.Empty;
        var events = ImmutableArray.CreateBuilder<DeviceEvent>();
        foreach (var month in new[] { January, February, March })
        {
            for (var i = 0; i < perMonth; i++)
            {
                var at = month.AddHours(i);
                var entry = EventChain.Seal(Id(device), chain, AnEvent(chain.Number + 1) with { Kind = kinds[i], At = at, RecordedAt = at });
                chain = new EventChain(entry.Number, entry.Hash);
                events.Add(entry);
            }
        }

        await _host.Store.SaveAsync(null, ADevice(Id(device).ToString()) with { Chain = chain }, events.ToImmutable(), Cancellation);
        return events.ToImmutable();
    }

    private async Task<ChainAudit> AuditAsync(string device, ImmutableArray<DeviceEvent> history)
    {
        var anchor = (await _host.Anchors.ReadAsync(Id(device), Cancellation))[^1];
        var audit = new ChainAudit(Id(device), anchor, new EventChain(history[^1].Number, history[^1].Hash));
        foreach (var entry in await _host.Queries.ReadEventsAsync(Id(device), anchor.Number, 100, Cancellation))
        {
            Assert.True(audit.Add(entry));
        }

        audit.Complete();
        return audit;
    }

    private async Task<EventPage> ReadAsync(EventCursor? after)
    {
        var outcome = await _host.Events.ReadAsync(_tenant, after, [], 100, Cancellation);
        Assert.Null(outcome.Problem);
        return outcome.Value!; // there is one or the other
    }

    private async Task<IEnumerable<long>> NumbersAsync(string device) =>
        (await _host.Queries.ReadEventsAsync(Id(device), 0, 100, Cancellation)).Select(e => e.Number);

    private DeviceId Id(string device) => DeviceId.Parse($"{_tenant}/{device}");
}

public sealed class PostgresRetentionTests(PostgresDatabase database) : RetentionConformance(database), IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_month_goes_as_a_whole()
    {
        await using var host = await StorageHost.StartAsync(database, TimeProvider.System);
        await MakeMonthAsync(database, new DateTimeOffset(2020, 5, 1, 0, 0, 0, TimeSpan.Zero));

        await host.Pruner.PruneAsync(new DateTimeOffset(2020, 6, 1, 0, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken);

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT to_regclass('device_events_2020_05') IS NULL", connection);
        Assert.True(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is true);
    }

    protected override Task MakeMonthAsync(ITestDatabase database, DateTimeOffset month) => database.ExecuteAsync(FormattableString.Invariant($$"""
        CREATE TABLE IF NOT EXISTS device_events_{{month:yyyy_MM}} PARTITION OF device_events
        FOR VALUES FROM ('{{month:yyyy-MM}}-01 00:00:00+00') TO ('{{month.AddMonths(1):yyyy-MM}}-01 00:00:00+00')
        """));
}

public sealed class SqliteRetentionTests(SqliteDatabase database) : RetentionConformance(database), IClassFixture<SqliteDatabase>
{
    protected override Task MakeMonthAsync(ITestDatabase database, DateTimeOffset month) => Task.CompletedTask;
}

public sealed class HistoryRetentionTests
{
    [Theory]
    [InlineData(1, "2026-03-15T12:00:00Z", "2026-02-01T00:00:00Z")]
    [InlineData(1, "2026-03-31T23:59:59Z", "2026-02-01T00:00:00Z")]
    [InlineData(12, "2026-03-15T12:00:00+02:00", "2025-03-01T00:00:00Z")]
    [InlineData(1, "2026-01-01T00:00:00Z", "2025-12-01T00:00:00Z")]
    public void Whole_months_are_forgotten_and_never_too_many(int months, string now, string cutoff)
    {
        var parsed = DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(DateTimeOffset.Parse(cutoff, System.Globalization.CultureInfo.InvariantCulture), new HistoryRetention(months).CutoffAt(parsed));
    }
}
