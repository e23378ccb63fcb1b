using System.Collections.Immutable;
using System.Data.Common;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Integration.Tests.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every <see cref="IEventStream"/> promises. Derived once per database.</summary>
public abstract class EventStreamConformance(ITestDatabase database) : IAsyncLifetime
{
    private static readonly ImmutableArray<string> Access = [EventKinds.AccessChanged];

    // Readers of a tenant see only its own events, so that each test has the stream to itself.
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
    public async Task A_tenant_without_events_has_an_end_to_wait_at()
    {
        var page = await ReadAsync(null);

        Assert.Empty(page.Events);
        Assert.False(page.HasMore);
        Assert.Empty((await ReadAsync(page.Next)).Events);
    }

    [Fact]
    public async Task Everything_is_read_from_the_beginning_in_the_order_of_each_device()
    {
        await AppendAsync("a", 1, 2);
        await AppendAsync("b", 1);
        await AppendAsync("a", 3);

        var page = await ReadAsync(null, expected: 4);

        Assert.Equal(["a 1", "a 2", "b 1", "a 3"], Names(page));
        Assert.Equal(page.Events.Select(e => e.Cursor).Order(), page.Events.Select(e => e.Cursor));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_overlap()
    {
        await AppendAsync("a", 1, 2, 3, 4, 5);

        var first = await ReadAsync(null, limit: 2, expected: 2);
        var second = await ReadAsync(first.Next, limit: 2, expected: 2);
        var third = await ReadAsync(second.Next, limit: 2, expected: 1);

        Assert.Equal(["a 1", "a 2", "a 3", "a 4", "a 5"], [.. Names(first), .. Names(second), .. Names(third)]);
        Assert.Equal([true, true, false], new[] { first.HasMore, second.HasMore, third.HasMore });
    }

    [Fact]
    public async Task Reading_from_the_end_sees_only_what_comes_later()
    {
        await AppendAsync("a", 1);
        await ReadAsync(null, expected: 1);
        var end = await _host.Events.FindEndAsync(_tenant, Cancellation);

        await AppendAsync("a", 2);

        Assert.Equal(["a 2"], Names(await ReadAsync(end, expected: 1)));
    }

    [Fact]
    public async Task Only_the_kinds_asked_for_are_read_and_the_cursor_passes_the_others()
    {
        await AppendAsync("a", AnEvent(1), AnEvent(2) with { Kind = EventKinds.AccessChanged }, AnEvent(3));

        var page = await ReadAsync(null, Access, expected: 1);
        var both = await ReadAsync(null, [EventKinds.AccessChanged, EventKinds.DeviceReported], expected: 1);

        Assert.Equal(["a 2"], Names(page));
        Assert.Equal(["a 2"], Names(both));
        Assert.Empty((await ReadAsync(page.Next)).Events);
    }

    [Fact]
    public async Task Another_tenants_events_are_not_seen()
    {
        await AppendAsync("a", 1);

        var page = (await _host.Events.ReadAsync(TenantId.Parse("somebody-else"), null, [], 100, Cancellation)).Value!;

        Assert.Empty(page.Events);
    }

    [Fact]
    public async Task A_write_that_is_committed_late_is_not_skipped()
    {
        await AppendAsync("late", 1);
        await AppendAsync("other", 1);
        var start = (await ReadAsync(null, expected: 2)).Next;
        await using var connection = await OpenAsync();
        await using var write = await connection.BeginTransactionAsync(Cancellation);
        await InsertAsync(connection, write, "late", 2);

        var other = AppendAsync("other", 2); // where there is one writer, it waits
        var meanwhile = await ReadAsync(start);
        await write.CommitAsync(Cancellation);
        await other;

        var after = await ReadAsync(meanwhile.Next, expected: 2);
        Assert.Empty(meanwhile.Events);
        Assert.Equal(["late 2", "other 2"], Names(after).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_writers_at_once_are_followed_without_a_gap()
    {
        const int Devices = 40;
        const int EventsEach = 25;
        var writing = Task.WhenAll(Enumerable.Range(0, Devices).Select(async device =>
        {
            for (var number = 1; number <= EventsEach; number++)
            {
                await AppendAsync($"d{device}", number);
            }
        }));

        var seen = new List<string>();
        var cursor = new EventCursor();
        while (seen.Count < Devices * EventsEach)
        {
            var page = await ReadAsync(cursor, limit: 50);
            seen.AddRange(Names(page));
            cursor = page.Next;
        }

        await writing;
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(seen.GroupBy(name => name.Split(' ')[0]), device =>
            Assert.Equal(Enumerable.Range(1, EventsEach).Select(number => $"{device.Key} {number}"), device));
    }

    [Fact]
    public async Task A_cursor_of_the_future_never_was()
    {
        var end = await _host.Events.FindEndAsync(_tenant, Cancellation);

        var transaction = await _host.Events.ReadAsync(_tenant, end with { Transaction = end.Transaction + 1_000_000 }, [], 10, Cancellation);
        var position = await _host.Events.ReadAsync(_tenant, new EventCursor(ulong.MaxValue, long.MaxValue), [], 10, Cancellation);

        Assert.Equal(ProblemCatalog.CursorUnknown, transaction.Problem);
        Assert.Equal(ProblemCatalog.CursorUnknown, position.Problem);
    }

    protected abstract Task<DbConnection> OpenAsync();

    private async Task InsertAsync(DbConnection connection, DbTransaction write, string device, long number)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = write;
        command.CommandText = FormattableString.Invariant($$"""
            INSERT INTO device_events (tenant, device, number, recorded_at, body, kind)
            SELECT tenant, device, {{number}}, recorded_at, {{BodyWith(number)}}, kind
            FROM device_events WHERE tenant = '{{_tenant}}' AND device = '{{device}}' AND number = 1
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>In SQL, the body of the first event under another number.</summary>
    protected abstract string BodyWith(long number);

    private Task AppendAsync(string device, params long[] numbers) => AppendAsync(device, [.. numbers.Select(AnEvent)]);

    private async Task AppendAsync(string device, params DeviceEvent[] events)
    {
        var id = DeviceId.Parse($"{_tenant}/{device}");
        var before = await _host.Store.FindAsync(id, Cancellation);
        var outcome = await _host.Store.SaveAsync(before, before?.Next() ?? ADevice(id.ToString()), [.. events], Cancellation);
        Assert.Equal(SaveOutcome.Saved, outcome);
    }

    /// <param name="expected">Asks until there are so many: transactions of the tests beside this one hold readers up.</param>
    private async Task<EventPage> ReadAsync(EventCursor? after, ImmutableArray<string> kinds = default, int limit = 100, int expected = 0)
    {
        EventPage? page = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var outcome = await _host.Events.ReadAsync(_tenant, after, kinds.IsDefault ? [] : kinds, limit, Cancellation);
                Assert.Null(outcome.Problem);
                page = outcome.Value;
                return page!.Events.Length >= expected; // there is one or the other
            },
            "the events were visible",
            TimeSpan.FromSeconds(30));
        return page!; // it was read at least once
    }

    private static IEnumerable<string> Names(EventPage page) => page.Events.Select(e => $"{e.Device.Name} {e.Event.Number}");
}

public sealed class PostgresEventStreamTests(PostgresDatabase database) : EventStreamConformance(database), IClassFixture<PostgresDatabase>
{
    protected override string BodyWith(long number) =>
        FormattableString.Invariant($$"""convert_to(replace(convert_from(body, 'UTF8'), '"number":1,', '"number":{{number}},'), 'UTF8')""");

    protected override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}

public sealed class SqliteEventStreamTests(SqliteDatabase database) : EventStreamConformance(database), IClassFixture<SqliteDatabase>
{
    protected override string BodyWith(long number) =>
        FormattableString.Invariant($$"""CAST(replace(CAST(body AS TEXT), '"number":1,', '"number":{{number}},') AS BLOB)""");

    protected override async Task<DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(database.Directory, "devices.db")};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
