using System.Data;
using System.Globalization;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Runs <c>Migrations/Postgres/*.sql</c>, each once and in a transaction of its own, one process at a time.</summary>
internal sealed partial class PostgresSchema(
    NpgsqlDataSource postgres, IReadOnlyList<Migration> known, EventPartitions partitions, EventClock clock, SearchedBackfill backfill, ILogger<PostgresSchema> logger) : IStorageSchema
{
    private const long LockKey = 0x6D646D; // "mdm"

    public Task MigrateAsync(CancellationToken cancellationToken) => OrUnusableAsync(async () =>
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            await ExecuteAsync(connection, CreateLedger, cancellationToken);
            foreach (var migration in MigrationPlan.Pending(known, await ReadAppliedAsync(connection, cancellationToken), Name))
            {
                await ApplyAsync(connection, migration, cancellationToken);
                LogApplied(migration.Name);
            }

            await clock.RebaseAsync(connection, cancellationToken);
            await backfill.RunAsync(connection, cancellationToken);
        }
        finally
        {
            if (connection.State is ConnectionState.Open) // with the connection, the server lets go of the lock by itself
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }

        await partitions.PrepareAsync(cancellationToken);
    });

    public Task VerifyAsync(CancellationToken cancellationToken) => OrUnusableAsync(async () =>
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        var pending = MigrationPlan.Pending(known, await ReadAppliedAsync(connection, cancellationToken), Name);
        if (pending.Count > 0)
        {
            throw SchemaException.TooOld(Name, pending.Count);
        }

        if (!await EventClock.IsOfThisClusterAsync(connection, cancellationToken))
        {
            throw SchemaException.Moved(Name);
        }
    });

    private const string CreateLedger = """
        CREATE TABLE IF NOT EXISTS schema_migrations (
            number     integer     PRIMARY KEY,
            name       text        NOT NULL,
            checksum   text        NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now())
        """;

    private readonly NpgsqlConnectionStringBuilder _settings = new(postgres.ConnectionString);

    private string Name => $"the PostgreSQL database '{_settings.Database}'";

    private async Task OrUnusableAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (NpgsqlException e)
        {
            throw DatabaseUnusableException.Postgres($"{_settings.Host}:{_settings.Port.ToString(CultureInfo.InvariantCulture)}", e);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
        }
        catch (PostgresException e) when (PostgresFaults.Classify(e) is not BatchFault.Transient)
        {
            throw e.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateColumn or PostgresErrorCodes.DuplicateObject
                ? SchemaException.Unrecorded(Name, migration.Name, e)
                : SchemaException.Failed(Name, migration.Name, e);
        }

        await using var record = new NpgsqlCommand(
            "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)", connection);
        record.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Number });
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        record.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Checksum });
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<List<AppliedMigration>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass('schema_migrations') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return [];
        }

        await using var command = new NpgsqlCommand("SELECT number, name, checksum FROM schema_migrations", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new List<AppliedMigration>();
        while (await rows.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedMigration(rows.GetInt32(0), rows.GetString(1), rows.GetString(2)));
        }

        return applied;
    }

    /// <summary>Without a time limit: a migration, or the wait for another process that migrates, takes what it takes.</summary>
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
