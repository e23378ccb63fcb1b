using MdmOrleans.Storage.Migrations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>
/// Runs <c>Migrations/Sqlite/*.sql</c> and <c>Migrations/SqliteGrains/*.sql</c>, each once and in a transaction of its own.
/// </summary>
internal sealed partial class SqliteSchema(SqliteDirectory directory, ILogger<SqliteSchema> logger) : IStorageSchema
{
    private readonly SqliteFile[] _files =
    [
        new("devices.db", directory.Devices, Migration.Of("Sqlite")),
        new("grains.db", directory.Grains, Migration.Of("SqliteGrains")),
    ];

    public Task MigrateAsync(CancellationToken cancellationToken) => ForEachFile(Migrate, cancellationToken);

    public Task VerifyAsync(CancellationToken cancellationToken) => ForEachFile(Verify, cancellationToken);

    /// <summary>Canceled, it ends in the middle of a statement, and the migration that it is part of is undone.</summary>
    private Task ForEachFile(Action<SqliteFile, SqliteConnection> act, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var file in _files)
            {
                using var connection = Open(file);
                using var interrupt = cancellationToken.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
                cancellationToken.ThrowIfCancellationRequested();
                act(file, connection);
            }
        }
        catch (SqliteException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteException e)
        {
            throw DatabaseUnusableException.Directory(directory.Path, e);
        }

        return Task.CompletedTask;
    }

    private static void Verify(SqliteFile file, SqliteConnection connection)
    {
        var pending = MigrationPlan.Pending(file.Known, ReadApplied(connection), file.Description);
        if (pending.Count > 0)
        {
            throw SchemaException.TooOld(file.Description, pending.Count);
        }
    }

    /// <summary>The exclusive transaction is the lock: what is pending is decided inside it, one migration at a time.</summary>
    private void Migrate(SqliteFile file, SqliteConnection connection)
    {
        Execute(connection, "PRAGMA journal_mode = WAL");
        while (true)
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            Execute(connection, CreateLedger);
            if (MigrationPlan.Pending(file.Known, ReadApplied(connection), file.Description) is not [var migration, ..])
            {
                transaction.Commit();
                return;
            }

            Execute(connection, migration.Sql);
            Execute(
                connection,
                "INSERT INTO schema_migrations (number, name, checksum) VALUES ($number, $name, $checksum)",
                new("$number", migration.Number),
                new("$name", migration.Name),
                new("$checksum", migration.Checksum));
            transaction.Commit();
            LogApplied(migration.Name, file.Name);
        }
    }

    private const string CreateLedger = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number     INTEGER PRIMARY KEY,
            name       TEXT NOT NULL,
            checksum   TEXT NOT NULL,
            applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)
        """;

    private static SqliteConnection Open(SqliteFile file)
    {
        var connection = new SqliteConnection(file.ConnectionString);
        connection.Open();
        return connection;
    }

    private static List<AppliedMigration> ReadApplied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'";
        if (command.ExecuteScalar() is 0L)
        {
            return [];
        }

        command.CommandText = "SELECT number, name, checksum FROM schema_migrations";
        using var rows = command.ExecuteReader();
        var applied = new List<AppliedMigration>();
        while (rows.Read())
        {
            applied.Add(new AppliedMigration(rows.GetInt32(0), rows.GetString(1), rows.GetString(2)));
        }

        return applied;
    }

    private static void Execute(SqliteConnection connection, string sql, params SqliteParameter[] parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(parameters);
        command.ExecuteNonQuery();
    }

    private sealed record SqliteFile(string Name, string ConnectionString, IReadOnlyList<Migration> Known)
    {
        public string Description { get; } = $"the SQLite database '{new SqliteConnectionStringBuilder(ConnectionString).DataSource}'";
    }
}
