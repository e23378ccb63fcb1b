using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Makes the monthly partitions of <c>device_events</c> ahead of time.</summary>
/// <remarks>Where one is missing all the same, rows go to the default partition: slower to prune, never lost.</remarks>
internal sealed partial class EventPartitions(NpgsqlDataSource postgres, TimeProvider time, ILogger<EventPartitions> logger)
{
    private const int MonthsAhead = 3;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var month = new DateOnly(now.Year, now.Month, 1);
        for (var ahead = 0; ahead <= MonthsAhead; ahead++)
        {
            await MakeAsync(month.AddMonths(ahead), cancellationToken);
        }
    }

    private async Task MakeAsync(DateOnly month, CancellationToken cancellationToken)
    {
        var name = $"device_events_{month.ToString("yyyy_MM", CultureInfo.InvariantCulture)}";
        await using var connection = await postgres.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection);
        exists.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        if (await exists.ExecuteScalarAsync(cancellationToken) is true)
        {
            return;
        }

        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

            // The lock that this takes stops the writers, so it must not queue behind a long reader for long.
            var sql = $"""
                SET LOCAL lock_timeout = '2s';
                CREATE TABLE IF NOT EXISTS {name} PARTITION OF device_events
                FOR VALUES FROM ('{Text(month)}') TO ('{Text(month.AddMonths(1))}')
                """;
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.CheckViolation
            or PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.UniqueViolation)
        {
            // Busy, or the default partition holds rows of that month, or another process was first: tomorrow is another day.
            LogNotMade(e, name);
        }
    }

    private static string Text(DateOnly month) => month.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + " 00:00:00+00";
}
