using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Keeps the order of the events when the database comes to another cluster, whose transactions have other numbers.</summary>
/// <remarks>
/// Whatever is written after the move comes behind everything that was written before, and behind every cursor that was given out
/// before, also behind those that are newer than the backup. So a reader loses nothing and sees nothing twice.
/// </remarks>
internal sealed partial class EventClock(ILogger<EventClock> logger)
{
    /// <summary>More transactions than a cluster can have had between a backup and its end.</summary>
    private const long Leap = 1L << 40;

    private const string Read = """
        SELECT c.cluster, c.timeline, s.system_identifier, p.timeline_id
        FROM event_clock c, pg_control_system() s, pg_control_checkpoint() p
        """;

    // Leaps from tenant to tenant in the index.
    private const string Newest = """
        WITH RECURSIVE tenants AS (
            (SELECT tenant FROM device_events ORDER BY tenant LIMIT 1)
            UNION ALL
            SELECT (SELECT d.tenant FROM device_events d WHERE d.tenant > t.tenant ORDER BY d.tenant LIMIT 1) FROM tenants t WHERE t.tenant IS NOT NULL),
        newest AS (
            SELECT (SELECT d.written_by FROM device_events d WHERE d.tenant = t.tenant ORDER BY d.written_by DESC LIMIT 1) AS written_by FROM tenants t
            UNION ALL
            SELECT written_by FROM event_floors)
        SELECT coalesce(max(written_by::text::bigint), 0), pg_current_xact_id()::text::bigint FROM newest
        """;

    /// <summary>False when the database has come from another cluster and nobody has told the events yet.</summary>
    public static async Task<bool> IsOfThisClusterAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (known, now) = await ReadAsync(connection, cancellationToken);
        return known.Cluster == now.Cluster || known.Cluster == 0;
    }

    /// <summary>Idempotent. Its one short lock waits for the transactions that write events.</summary>
    public async Task RebaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (known, now) = await ReadAsync(connection, cancellationToken);
        if (known == now)
        {
            return;
        }

        await ExecuteAsync(connection, "LOCK TABLE device_events IN ACCESS EXCLUSIVE MODE", cancellationToken);
        var (newest, current) = await ReadNewestAsync(connection, cancellationToken);
        if (known.Cluster != 0 || newest >= current)
        {
            var ahead = Math.Max(0, newest + Leap - current);
            await ExecuteAsync(connection, $"ALTER TABLE device_events ALTER COLUMN written_by SET DEFAULT {Default(ahead)}", cancellationToken);
            await ExecuteAsync(connection, $"UPDATE event_clock SET ahead = {Text(ahead)}", cancellationToken);
            LogRebased();
        }

        await ExecuteAsync(connection, $"UPDATE event_clock SET cluster = {Text(now.Cluster)}, timeline = {Text(now.Timeline)}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Default(long ahead) =>
        ahead == 0 ? "pg_current_xact_id()" : $"((pg_current_xact_id()::text::bigint + {Text(ahead)})::text::xid8)";

    private static async Task<(Place Known, Place Now)> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (new Place(row.GetInt64(0), row.GetInt32(1)), new Place(row.GetInt64(2), row.GetInt32(3)));
    }

    private static async Task<(long Newest, long Current)> ReadNewestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Newest, connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Place(long Cluster, int Timeline);
}
