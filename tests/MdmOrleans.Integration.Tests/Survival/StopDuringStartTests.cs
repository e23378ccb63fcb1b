using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;
using Npgsql;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>SIGTERM before the server has started. An orchestrator that changes its mind must not read of a crash.</summary>
public sealed class StopDuringStartTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IDisposable
{
    private const string MigrationLock = "pg_advisory_lock(7169133)"; // "mdm"
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-stop-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("Applied migration 0001_devices")] // in the middle of the migrations
    [InlineData("Starting silo")] // Orleans puts itself together
    [InlineData("Silo Start()")] // the silo joins
    [InlineData("-BecomeActive")]
    [InlineData("Orleans Silo started")] // the listeners are next
    [InlineData("AdministratorKey[3001]")]
    public async Task A_server_that_is_told_to_stop_when_it_says_this_ends_with_0(string line)
    {
        await using var server = Launch("serve");

        await server.LineAsync(said => said.Contains(line, StringComparison.Ordinal), Patience);
        server.AskToStop();

        Assert.Equal(0, await server.ExitAsync(Patience));
        Assert.Empty(server.Errors);
    }

    [Theory]
    [InlineData("Orleans Silo started")]
    [InlineData("AdministratorKey[3001]")] // the tenants and devices of the demo are next
    public async Task A_demo_that_is_told_to_stop_when_it_says_this_ends_with_0(string line)
    {
        await using var demo = Launch("demo");

        await demo.LineAsync(said => said.Contains(line, StringComparison.Ordinal), Patience);
        demo.AskToStop();

        Assert.Equal(0, await demo.ExitAsync(Patience));
        Assert.Empty(demo.Errors);
    }

    [Theory]
    [InlineData("serve", 0)]
    [InlineData("migrate", 1)] // nobody may go on as if the schema were up to date
    public async Task A_process_that_waits_for_PostgreSQL_to_migrate_ends_when_it_is_told_to(string verb, int exitCode)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var hold = new NpgsqlCommand($"SELECT {MigrationLock}", connection);
        await hold.ExecuteNonQueryAsync(Cancellation);
        await using var waiting = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            connection);
        await using var server = Launch(verb, [.. database.Settings]);

        await Eventually.TrueAsync(async () => await waiting.ExecuteScalarAsync(Cancellation) is 1L, "it waits for the lock", Patience);
        server.AskToStop();

        Assert.Equal(exitCode, await server.ExitAsync(Patience));
        Assert.Equal(exitCode == 0, server.Errors.Length == 0);
    }

    private ChildProcess Launch(string verb, params KeyValuePair<string, string>[] settings) => ServerProcess.Launch(
        [verb],
        [
            new("Storage:Directory", Path.Combine(_directory.FullName, "data")), new("Storage:MigrateOnStart", "true"),
            new("Logging:LogLevel:Orleans", "Information"), new("Http:Address", "loopback"), new("Orleans:AdvertisedAddress", "127.0.0.1"), .. ServerProcess.FreePorts(), .. settings,
        ]);
}
