using System.Globalization;
using MdmOrleans.Storage.Retention;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Drops whole months. What is kept of one is written first, a few devices at a time, so that no transaction is long.</summary>
internal sealed partial class PostgresHistoryPruner(NpgsqlDataSource postgres, ILogger<PostgresHistoryPruner> logger) : IHistoryPruner
{
    private const long LockKey = 0x6D646D70; // "mdmp"
    private const string Other = "device_events_other";

    public Task PruneAsync(DateTimeOffset cutoff, CancellationToken cancellationToken) => PostgresFaults.OrAwayAsync("events", async () =>
    {
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        if (!await TryLockAsync(connection, cancellationToken))
        {
            return false; // another process is at it
        }

        try
        {
            foreach (var month in await ListMonthsAsync(connection, cutoff, cancellationToken))
            {
                await KeepAnchorsAsync(connection, month, cutoff, cancellationToken);
                await DropAsync(connection, month, cutoff, cancellationToken);
                LogPruned(month);
            }

            await KeepAnchorsAsync(connection, Other, cutoff, cancellationToken);
            await ExecuteAsync(connection, $"{PostgresPruningSql.KeepFloors(Other)}; {PostgresPruningSql.Delete(Other)}", cutoff, cancellationToken);
        }
        finally
        {
            await using var unlock = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey})", connection);
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return true;
    });

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>The partitions that end at <paramref name="cutoff"/> or before, oldest first. Their names say what they hold.</summary>
    private static async Task<List<string>> ListMonthsAsync(NpgsqlConnection connection, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'device_events'::regclass AND c.relname ~ '^device_events_[0-9]{4}_[0-9]{2}$' ORDER BY c.relname
            """,
            connection);
        var months = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var name = rows.GetString(0);
            var month = DateTimeOffset.ParseExact(
                name[^7..], "yyyy_MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
            if (month.AddMonths(1) <= cutoff)
            {
                months.Add(name);
            }
        }

        return months;
    }

    private static async Task KeepAnchorsAsync(NpgsqlConnection connection, string partition, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        var (tenant, device) = (string.Empty, string.Empty);
        while (true)
        {
            await using var command = new NpgsqlCommand(PostgresPruningSql.KeepAnchors(partition), connection);
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = cutoff.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device });
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            if (!await rows.ReadAsync(cancellationToken))
            {
                return;
            }

            (tenant, device) = (rows.GetString(0), rows.GetString(1));
        }
    }

    /// <summary>The lock that this takes stops the writers: it waits for a long reader for an instant only, and comes again in an hour.</summary>
    private static Task DropAsync(NpgsqlConnection connection, string partition, DateTimeOffset cutoff, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, $"SET LOCAL lock_timeout = '500ms'; {PostgresPruningSql.KeepFloors(partition)}; DROP TABLE {partition}", cutoff, cancellationToken);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection, transaction);
            if (statement.Contains("$1", StringComparison.Ordinal))
            {
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = cutoff.UtcDateTime });
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(4122, LogLevel.Information, "Pruned a month of the history: {Partition}")]
    private partial void LogPruned(string partition);
}
