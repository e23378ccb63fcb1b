using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Retention;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Deletes from the oldest on, a bounded number of events in each turn of the writer.</summary>
internal sealed class SqliteHistoryPruner(SqliteReader reader, SqliteWriter writer) : IHistoryPruner
{
    private const int BatchSize = 1000;

    private const string KeepAnchors = """
        INSERT INTO device_event_anchors AS a (tenant, device, kind, number, body)
        SELECT tenant, device, kind, number, body FROM device_events WHERE position <= ?1 ORDER BY position
        ON CONFLICT (tenant, device, kind) DO UPDATE SET number = excluded.number, body = excluded.body WHERE a.number < excluded.number
        """;

    private const string KeepFloors = """
        INSERT INTO event_floors AS f (tenant, position)
        SELECT tenant, max(position) FROM device_events WHERE position <= ?1 GROUP BY tenant
        ON CONFLICT (tenant) DO UPDATE SET position = excluded.position WHERE f.position < excluded.position
        """;

    private const string Delete = "DELETE FROM device_events WHERE position <= ?1";

    public async Task PruneAsync(DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        while (await FindEndAsync(cutoff, cancellationToken) is { } last)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await writer.RunAsync(session => Prune(session, last));
            }
            catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
            {
                throw Unavailable.Away("events", e);
            }
        }
    }

    /// <summary>The last of the next events that are to go; null when the oldest one is to stay. Rows never change, so it may be read beforehand.</summary>
    private Task<long?> FindEndAsync(DateTimeOffset cutoff, CancellationToken cancellationToken) => reader.AskAsync(
        command =>
        {
            command.CommandText = FormattableString.Invariant($"SELECT position, recorded_at FROM device_events ORDER BY position LIMIT {BatchSize}");
            long? last = null;
            using var rows = command.ExecuteReader();
            while (rows.Read() && rows.GetInt64(1) < cutoff.UtcTicks)
            {
                last = rows.GetInt64(0);
            }

            return last;
        },
        cancellationToken);

    private static bool Prune(SqliteSession session, long last)
    {
        foreach (var sql in new[] { KeepAnchors, KeepFloors, Delete })
        {
            var statement = session.Statement(sql);
            statement.Bind(1, last);
            statement.Execute();
        }

        return true;
    }
}
