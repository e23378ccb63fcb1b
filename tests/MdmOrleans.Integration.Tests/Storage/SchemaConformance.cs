using MdmOrleans.Storage.Migrations;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>What every schema promises to the operator who starts or upgrades a server.</summary>
public abstract class SchemaConformance(ITestDatabase database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_starts_on_the_schema_of_its_build_and_on_nodatabase()
    {
        await using var host = StorageHost.Compose(database, TimeProvider.System);

        Assert.Contains("too old", await SentenceAsync(() => host.Schema.VerifyAsync(Cancellation)), StringComparison.Ordinal);

        await host.Schema.MigrateAsync(Cancellation);
        await host.Schema.MigrateAsync(Cancellation);
        await host.Schema.VerifyAsync(Cancellation);

        await database.ExecuteAsync("INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, '9999_future', 'x')");
        Assert.Contains("'9999_future' was applied by a later", await SentenceAsync(() => host.Schema.VerifyAsync(Cancellation)), StringComparison.Ordinal);
        Assert.Contains("too new", await SentenceAsync(() => host.Schema.MigrateAsync(Cancellation)), StringComparison.Ordinal);

        await database.ExecuteAsync("DELETE FROM schema_migrations WHERE number = 9999");
        await database.ExecuteAsync("DELETE FROM schema_migrations WHERE name LIKE '%nominations'");
        Assert.Contains("1 migration is pending", await SentenceAsync(() => host.Schema.VerifyAsync(Cancellation)), StringComparison.Ordinal);
        var ledger = await SentenceAsync(() => host.Schema.MigrateAsync(Cancellation));
        Assert.Contains("does not fit its ledger: the tables of migration '", ledger, StringComparison.Ordinal);
        Assert.Contains("_nominations' are there", ledger, StringComparison.Ordinal);

        await database.ExecuteAsync("UPDATE schema_migrations SET checksum = 'edited' WHERE number = 1");
        Assert.Contains("with another content", await SentenceAsync(() => host.Schema.VerifyAsync(Cancellation)), StringComparison.Ordinal);
    }

    private static async Task<string> SentenceAsync(Func<Task> start) => (await Assert.ThrowsAsync<SchemaException>(start)).Message;
}

public sealed class PostgresSchemaTests(PostgresDatabase database)
    : SchemaConformance(database), IClassFixture<PostgresDatabase>;

public sealed class SqliteSchemaTests(SqliteDatabase database) : SchemaConformance(database), IClassFixture<SqliteDatabase>;
