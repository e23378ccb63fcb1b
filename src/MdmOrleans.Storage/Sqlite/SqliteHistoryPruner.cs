using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Retention;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>Deletes from the oldest on, a bounded number of events in each turn of the writer.</summary>
internal sealed class SqliteHistoryPruner(SqliteReader reader, SqliteWriter writer) : IHistoryPruner
{
    private const int BatchSize = 1000;

    // Positions ascend with time but for a clock that was set back, so the search ends with the first batch that has nothing old in it.
    private static readonly string Next = FormattableString.Invariant($"""
        SELECT max(position), min(recorded_at)
        FROM (SELECT position, recorded_at FROM device_events WHERE position > $after ORDER BY position LIMIT {BatchSize})
        """);

    private const string KeepAnchors = """
        INSERT INTO device_event_anchors AS a (tenant, device, kind, number, body)
        SELECT tenant, device, kind, number, body FROM device_events
        WHERE position > ?1 AND position <= ?2 AND recorded_at < ?3 ORDER BY position
        ON CONFLICT (tenant, device, kind) DO UPDATE SET number = excluded.number, body = excluded.body WHERE a.number < excluded.number
        """;

    private const string KeepFloors = """
        INSERT INTO event_floors AS f (tenant, position)
        SELECT tenant, max(position) FROM device_events WHERE position > ?1 AND position <= ?2 AND recorded_at < ?3 GROUP BY tenant
        ON CONFLICT (tenant) DO UPDATE SET position = excluded.position WHERE f.position < excluded.position
        """;

    private const string Delete = "DELETE FROM device_events WHERE position > ?1 AND position <= ?2 AND recorded_at < ?3";

    public async Task PruneAsync(DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        var after = 0L;
        while (await FindEndAsync(after, cutoff, cancellationToken) is { } end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await writer.RunAsync(session => Prune(session, after, end, cutoff));
            }
            catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
            {
                throw Unavailable.Away("events", e);
            }

            after = end;
        }
    }

    /// <summary>The end of the next batch; null when nothing in it is old. Rows never change, so it may be read beforehand.</summary>
    private Task<long?> FindEndAsync(long after, DateTimeOffset cutoff, CancellationToken cancellationToken) => reader.AskAsync(
        command =>
        {
            command.CommandText = Next;
            command.Parameters.AddWithValue("$after", after);
            using var rows = command.ExecuteReader();
            return rows.Read() && !rows.IsDBNull(0) && rows.GetInt64(1) < cutoff.UtcTicks ? rows.GetInt64(0) : (long?)null;
        },
        cancellationToken);

    private static bool Prune(SqliteSession session, long after, long end, DateTimeOffset cutoff)
    {
        foreach (var sql in new[] { KeepAnchors, KeepFloors, Delete })
        {
            var statement = session.Statement(sql);
            statement.Bind(1, after);
            statement.Bind(2, end);
            statement.Bind(3, cutoff);
            statement.Execute();
        }

        return true;
    }
}
