using Npgsql;

namespace MdmOrleans.Integration.Tests.Storage;

public sealed class PostgresMigrationTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_servers_that_migrate_at_once_one_works_and_the_others_wait()
    {
        var hosts = Enumerable.Range(0, 4).Select(_ => StorageHost.Compose(database, TimeProvider.System)).ToArray();

        await Task.WhenAll(hosts.Select(host => Task.Run(() => host.Schema.MigrateAsync(Cancellation), Cancellation)));

        await Task.WhenAll(hosts.Select(host => host.Schema.VerifyAsync(Cancellation)));
        await Task.WhenAll(hosts.Select(host => host.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task The_coming_months_have_partitions_and_what_has_none_is_kept_all_the_same()
    {
        await using var host = await StorageHost.StartAsync(database, TimeProvider.System);
        var device = Twins.ADevice("acme/partitioned");
        var now = TimeProvider.System.GetUtcNow();

        await host.Store.SaveAsync(
            null,
            device,
            [
                Twins.AnEvent(1) with { RecordedAt = now },
                Twins.AnEvent(2) with { RecordedAt = now.AddMonths(3) },
                Twins.AnEvent(3) with { RecordedAt = now.AddYears(90) },
            ],
            Cancellation);

        Assert.Equal([1, 2, 3], (await host.Queries.ReadEventsAsync(device.Id, 0, 10, Cancellation)).Select(@event => @event.Number));
        Assert.Equal(1L, await ScalarAsync(database, "SELECT count(*) FROM device_events_other"));
    }

    [Fact]
    public async Task Attributes_from_before_are_searched_like_those_of_today_whatever_text_was_in_them()
    {
        await using var host = await StorageHost.StartAsync(database, TimeProvider.System);
        foreach (var name in new[] { "up", "nul", "half" })
        {
            await host.Store.SaveAsync(null, Twins.ADevice($"before/{name}"), [], Cancellation);
        }

        await database.ExecuteAsync(
            """
            DELETE FROM schema_migrations WHERE number = 10;
            ALTER TABLE devices ALTER COLUMN attributes TYPE json USING '{"vpn":{"state":"up"}}'::json;
            UPDATE devices SET attributes = '{"vpn":{"state":"up"},"a":"\u0000\u0000","b":"\\u0000"}' WHERE device = 'nul';
            UPDATE devices SET attributes = '{"vpn":{"state":"up"},"a":"\ud800!"}' WHERE device = 'half';
            """);

        await host.Schema.MigrateAsync(Cancellation);

        Assert.Equal(
            3L, await ScalarAsync(database, """SELECT count(*) FROM devices WHERE tenant = 'before' AND attributes @> '{"vpn": {"state": "up"}}'"""));
        Assert.Equal("\uFFFD\uFFFD \\u0000", await ScalarAsync(database, "SELECT (attributes ->> 'a') || ' ' || (attributes ->> 'b') FROM devices WHERE device = 'nul'"));
        Assert.Equal("\uFFFD!", await ScalarAsync(database, "SELECT attributes ->> 'a' FROM devices WHERE device = 'half'"));
    }

    [Fact]
    public async Task A_reader_below_the_oldest_transaction_never_passes_a_write_that_commits_late()
    {
        await using var fixture = new PostgresFixture(); // of its own: whatever writes on the same server, in any database, holds readers back
        await using var own = new PostgresDatabase(fixture);
        await own.InitializeAsync();
        await using var host = await StorageHost.StartAsync(own, TimeProvider.System);
        await using var late = new NpgsqlConnection(own.ConnectionString);
        await late.OpenAsync(Cancellation);
        await using var transaction = await late.BeginTransactionAsync(Cancellation);
        await using var insert = new NpgsqlCommand(
            "INSERT INTO device_events (tenant, device, number, recorded_at, body) VALUES ('late', 'first', 1, now(), '{}')", late, transaction);
        await insert.ExecuteNonQueryAsync(Cancellation);
        await host.Store.SaveAsync(null, Twins.ADevice("late/second"), [Twins.AnEvent(1)], Cancellation);

        Assert.Equal(0L, await ScalarAsync(own, Readable));
        await transaction.CommitAsync(Cancellation);
        Assert.Equal(2L, await ScalarAsync(own, Readable));
    }

    private const string Readable =
        "SELECT count(*) FROM device_events WHERE tenant = 'late' AND written_by < pg_snapshot_xmin(pg_current_snapshot())";

    private static async Task<object?> ScalarAsync(PostgresDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
