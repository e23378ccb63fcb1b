using MdmOrleans.Storage.Migrations;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>
/// Runs <c>Migrations/Sqlite/*.sql</c> and <c>Migrations/SqliteGrains/*.sql</c>, each once and in a transaction of its own.
/// </summary>
internal sealed partial class SqliteSchema(SqliteDirectory directory, TwinCodec codec, ILogger<SqliteSchema> logger) : IStorageSchema
{
    private readonly SqliteFile[] _files =
    [
        new("devices.db", directory.Devices, "devices", Migration.Of("Sqlite")),
        new("grains.db", directory.Grains, "orleans_grain_state", Migration.Of("SqliteGrains")),
    ];

    public Task MigrateAsync(CancellationToken cancellationToken) => ForEachFile(Migrate, cancellationToken);

    public Task VerifyAsync(CancellationToken cancellationToken) => ForEachFile(Verify, cancellationToken);

    /// <summary>Canceled, it ends in the middle of a statement, and the migration that it is part of is undone.</summary>
    private Task ForEachFile(Action<SqliteFile, SqliteConnection> act, CancellationToken cancellationToken)
    {
        try
        {
            DemandBothOrNeither();
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
                break;
            }

            Apply(connection, migration, file);
            Execute(
                connection,
                "INSERT INTO schema_migrations (number, name, checksum) VALUES ($number, $name, $checksum)",
                new("$number", migration.Number),
                new("$name", migration.Name),
                new("$checksum", migration.Checksum));
            transaction.Commit();
            LogApplied(migration.Name, file.Name);
        }

        if (file == _files[0])
        {
            SqliteBackfill.Run(connection, codec);
        }
    }

    private static void Apply(SqliteConnection connection, Migration migration, SqliteFile file)
    {
        try
        {
            Execute(connection, migration.Sql);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_ERROR) // the statement is wrong here, and not the disk
        {
            throw e.Message.Contains("already exists", StringComparison.Ordinal) || e.Message.Contains("duplicate column name", StringComparison.Ordinal)
                ? SchemaException.Unrecorded(file.Description, migration.Name, e)
                : SchemaException.Failed(file.Description, migration.Name, e);
        }
    }

    /// <summary>The twins without their tenants, keys and policies, or these without the twins, are half a backup.</summary>
    /// <remarks>A first start that was cut short leaves one file without the other, too, but nothing in it.</remarks>
    private void DemandBothOrNeither()
    {
        foreach (var (file, other) in new[] { (_files[0], _files[1]), (_files[1], _files[0]) })
        {
            if (!HasSchema(file) && HasContent(other))
            {
                throw DatabaseUnusableException.Half(directory.Path, file.Name, other.Name);
            }
        }
    }

    private static bool HasSchema(SqliteFile file) => file.HasBytes && ReadScalar(file, "SELECT count(*) FROM sqlite_master") is not 0L;

    private static bool HasContent(SqliteFile file) =>
        HasSchema(file) && ReadScalar(file, $"SELECT count(*) FROM sqlite_master WHERE name = '{file.Content}'") is not 0L
        && ReadScalar(file, $"SELECT EXISTS (SELECT 1 FROM {file.Content})") is not 0L;

    private static object? ReadScalar(SqliteFile file, string sql)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
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
        SqliteDirectory.MakePrivate(file.Path);
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

    /// <param name="Content">The table that has rows as soon as the file is in use.</param>
    private sealed record SqliteFile(string Name, string ConnectionString, string Content, IReadOnlyList<Migration> Known)
    {
        public string Description => $"the SQLite database '{Path}'";

        /// <summary>To be asked before it is opened, which makes it.</summary>
        public bool HasBytes => new FileInfo(Path) is { Exists: true, Length: > 0 };

        public string Path { get; } = new SqliteConnectionStringBuilder(ConnectionString).DataSource;
    }
}
