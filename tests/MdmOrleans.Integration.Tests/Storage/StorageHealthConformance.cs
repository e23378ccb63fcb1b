using MdmOrleans.Core;
using MdmOrleans.Integration.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every <see cref="IStorageHealth"/> promises. Derived once per database.</summary>
public abstract class StorageHealthConformance(ITestDatabase database)
{
    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_is_tried_at_most_every_five_seconds_and_decides()
    {
        await using var host = await StorageHost.StartAsync(database, _time);
        Assert.True(await host.Health.TakesWritesAsync(Cancellation));
        await database.ExecuteAsync("ALTER TABLE storage_health RENAME TO storage_health_away");

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(await host.Health.TakesWritesAsync(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(await host.Health.TakesWritesAsync(Cancellation));

        await database.ExecuteAsync("ALTER TABLE storage_health_away RENAME TO storage_health");
        Assert.False(await host.Health.TakesWritesAsync(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await host.Health.TakesWritesAsync(Cancellation));
    }

    [Fact]
    public async Task A_store_that_could_not_write_is_not_ready_until_it_can_or_for_ten_seconds()
    {
        await using var host = await StorageHost.StartAsync(database, _time);
        await database.ExecuteAsync("ALTER TABLE device_events RENAME TO device_events_away");
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await host.Store.SaveAsync(null, ADevice("acme/first"), [AnEvent(1)], Cancellation));
        Assert.False(await host.Health.TakesWritesAsync(Cancellation));

        _time.Advance(TimeSpan.FromSeconds(10.1));
        Assert.True(await host.Health.TakesWritesAsync(Cancellation)); // else nothing would ever be tried again

        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await host.Store.SaveAsync(null, ADevice("acme/first"), [AnEvent(1)], Cancellation));
        Assert.False(await host.Health.TakesWritesAsync(Cancellation));
        await database.ExecuteAsync("ALTER TABLE device_events_away RENAME TO device_events");
        Assert.Equal(SaveOutcome.Saved, await host.Store.SaveAsync(null, ADevice("acme/first"), [AnEvent(1)], Cancellation));
        Assert.True(await host.Health.TakesWritesAsync(Cancellation));
    }
}

public sealed class PostgresHealthTests(PostgresDatabase database) : StorageHealthConformance(database), IClassFixture<PostgresDatabase>
{
    private const string Database = "postgres";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_PostgreSQL_that_became_read_only_answers_and_takes_no_writes()
    {
        var time = new FakeTimeProvider(Now);
        await using var server = await PostgresServer.StartAsync();
        await using var host = await StorageHost.StartAsync(new OnlyDatabase(server.ConnectionString(Database)), time);
        var administrator = new OnlyDatabase(server.ConnectionString(Database) + ";Options=-c default_transaction_read_only=off");
        Assert.True(await host.Health.TakesWritesAsync(Cancellation));

        await SetAsync("on");
        await BecomesAsync(false);
        await SetAsync("off");
        await BecomesAsync(true);

        async Task SetAsync(string value)
        {
            await administrator.ExecuteAsync($"ALTER SYSTEM SET default_transaction_read_only = {value}");
            await administrator.ExecuteAsync("SELECT pg_reload_conf()");
        }

        Task BecomesAsync(bool takesWrites) => Eventually.TrueAsync(
            async () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                return await host.Health.TakesWritesAsync(Cancellation) == takesWrites;
            },
            "its sessions heard of it",
            TimeSpan.FromSeconds(10));
    }
}

public sealed class SqliteHealthTests(SqliteDatabase database) : StorageHealthConformance(database), IClassFixture<SqliteDatabase>;
