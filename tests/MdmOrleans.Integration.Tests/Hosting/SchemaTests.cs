using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>The verb <c>migrate</c>, and a start on a schema that does not fit. Derived once per database.</summary>
public abstract class SchemaTests(ITestDatabase database) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-schema-");

    public void Dispose()
    {
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_schema_is_too_old_until_it_is_migrated_twice_does_no_harm_and_a_later_one_is_too_new()
    {
        await using (var tooOld = Launch([]))
        {
            Assert.Equal(1, await tooOld.ExitAsync(Patience));
            Assert.Contains("too old", tooOld.Errors, StringComparison.Ordinal);
            Assert.Contains("Storage:MigrateOnStart", tooOld.Errors, StringComparison.Ordinal);
        }

        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var migration = Launch(["migrate"]);
            Assert.Equal(0, await migration.ExitAsync(Patience));
            Assert.Empty(migration.Errors);
        }

        await using (var server = await ServerProcess.StartAsync(database, KeyValuePair.Create("Storage:MigrateOnStart", "false")))
        {
            Assert.Equal(0, await server.TerminateAsync());
        }

        await database.ExecuteAsync("INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, '9999_later', 'x')");
        foreach (var verb in new[] { "serve", "migrate" })
        {
            await using var tooNew = Launch([verb]);
            Assert.Equal(1, await tooNew.ExitAsync(Patience));
            Assert.Contains("too new", tooNew.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', tooNew.Errors);
        }
    }

    private ChildProcess Launch(string[] arguments) => ServerProcess.Launch(
        arguments,
        [
            new("Storage:MigrateOnStart", "false"), new("Storage:Directory", _directory.FullName), new("Orleans:AdvertisedAddress", "127.0.0.1"),
            .. ServerProcess.FreePorts(), .. database.Settings,
        ]);
}

public sealed class SqliteSchemaTests(SqliteDatabase database) : SchemaTests(database), IClassFixture<SqliteDatabase>;

public sealed class PostgresSchemaTests(PostgresDatabase database) : SchemaTests(database), IClassFixture<PostgresDatabase>;
