using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Storage.Migrations;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>A dump that is restored on another PostgreSQL, whose transactions have other numbers.</summary>
public sealed class PostgresRestoreTests
{
    private const string Database = "postgres";
    private static readonly DeviceId Device = DeviceId.Parse("acme/restored");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5000, 0)] // the new cluster counts from below
    [InlineData(0, 2000)] // from above; the old one had gone on to 4,000 when it was lost
    public async Task Events_go_on_behind_every_kept_cursor_whatever_the_numbers_of_the_transactions_are(int before, int after)
    {
        await using var old = await PostgresServer.StartAsync();
        await PassTransactionsAsync(old, before);
        EventCursor inTheMiddle, newerThanTheBackup;
        string dump;
        await using (var host = await StorageHost.StartAsync(DatabaseOf(old), TimeProvider.System))
        {
            await AppendAsync(host, 1);
            await AppendAsync(host, 2);
            inTheMiddle = (await ReadAsync(host, null, limit: 1, expected: 1)).Next;
            await ReadAsync(host, null, expected: 2);
            dump = await old.DumpAsync(Database);
            await PassTransactionsAsync(old, 4000);
            await AppendAsync(host, 3); // lost with the old cluster
            newerThanTheBackup = (await ReadAsync(host, null, expected: 3)).Next;
        }

        await using var restored = await PostgresServer.StartAsync();
        await PassTransactionsAsync(restored, after);
        await restored.RestoreAsync(Database, dump);
        await using var next = StorageHost.Compose(DatabaseOf(restored), TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<SchemaException>(() => next.Schema.VerifyAsync(Cancellation));
        await next.Schema.MigrateAsync(Cancellation);
        await next.Schema.VerifyAsync(Cancellation);
        var restoredEvents = await ReadAsync(next, null, expected: 2);
        await AppendAsync(next, 3);
        await PassTransactionsAsync(restored, 4000); // more than the old cluster ever had
        await AppendAsync(next, 4);

        Assert.Contains("run the verb 'migrate' once", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], Numbers(restoredEvents));
        Assert.Equal([1, 2, 3, 4], Numbers(await ReadAsync(next, null, expected: 4)));
        Assert.Equal([2, 3, 4], Numbers(await ReadAsync(next, inTheMiddle, expected: 3)));
        Assert.Equal([3, 4], Numbers(await ReadAsync(next, restoredEvents.Next, expected: 2)));
        Assert.Equal([3, 4], Numbers(await ReadAsync(next, newerThanTheBackup, expected: 2)));
    }

    [Fact]
    public async Task A_database_that_was_restored_by_an_older_release_shows_its_history_once_it_is_migrated()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = DatabaseOf(server);
        await using var host = await StorageHost.StartAsync(database, TimeProvider.System);
        await AppendAsync(host, 1);
        await database.ExecuteAsync("UPDATE device_events SET written_by = '4000000'"); // as the other cluster numbered it
        await database.ExecuteAsync("UPDATE event_clock SET cluster = 0, timeline = 0, ahead = 0"); // as the migration leaves it

        await host.Schema.MigrateAsync(Cancellation);
        await AppendAsync(host, 2);

        Assert.Equal([1, 2], Numbers(await ReadAsync(host, null, expected: 2)));
        Assert.Equal([2], Numbers(await ReadAsync(host, new EventCursor(4_500_000, 0), expected: 1)));
    }

    [Fact]
    public async Task A_physical_backup_begins_a_new_timeline_behind_the_cursors_that_are_newer_than_it()
    {
        await using var server = await PostgresServer.StartAsync();
        var database = DatabaseOf(server);
        await using var host = await StorageHost.StartAsync(database, TimeProvider.System);
        await AppendAsync(host, 1);
        var end = (await ReadAsync(host, null, expected: 1)).Next;
        var lost = end with { Transaction = end.Transaction + 1000 };
        await database.ExecuteAsync("UPDATE event_clock SET timeline = timeline - 1"); // as if the backup came from the timeline before

        await host.Schema.VerifyAsync(Cancellation); // a failover must not keep a server from starting
        await host.Schema.MigrateAsync(Cancellation);
        await AppendAsync(host, 2);

        Assert.Equal([2], Numbers(await ReadAsync(host, lost, expected: 1)));
    }

    private static OnlyDatabase DatabaseOf(PostgresServer server) => new(server.ConnectionString(Database));

    private static Task PassTransactionsAsync(PostgresServer server, int count) => DatabaseOf(server).ExecuteAsync(FormattableString.Invariant(
        $"DO $$ BEGIN FOR i IN 1..{count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"));

    private static async Task AppendAsync(StorageHost host, long number)
    {
        var before = await host.Store.FindAsync(Device, Cancellation);
        var outcome = await host.Store.SaveAsync(before, before?.Next() ?? ADevice(Device.ToString()), [AnEvent(number)], Cancellation);
        Assert.Equal(SaveOutcome.Saved, outcome);
    }

    /// <param name="expected">Asks until there are so many: whatever else is written on the server holds readers up.</param>
    private static async Task<EventPage> ReadAsync(StorageHost host, EventCursor? after, int limit = 100, int expected = 0)
    {
        EventPage? page = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var outcome = await host.Events.ReadAsync(Device.Tenant, after, ImmutableArray<string>.Empty, limit, Cancellation);
                Assert.Null(outcome.Problem);
                page = outcome.Value;
                return page!.Events.Length >= expected; // there is one or the other
            },
            "the events were visible",
            TimeSpan.FromSeconds(30));
        return page!; // it was read at least once
    }

    private static IEnumerable<long> Numbers(EventPage page) => page.Events.Select(e => e.Event.Number);
}
