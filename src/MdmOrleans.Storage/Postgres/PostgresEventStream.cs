using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Reads in the order of the transactions, and only those below which none is under way any more.</summary>
/// <remarks>A long transaction that writes, anywhere on this PostgreSQL, holds readers up for as long as it lasts.</remarks>
internal sealed class PostgresEventStream(NpgsqlDataSource postgres) : IEventStream
{
    // One statement, so that the horizon and the events are those of one snapshot. Numbers of transactions are those of EventClock.
    private const string Head = """
        SELECT n.horizon, n.newest, f.written_by, f.position, e.written_by, e.position, e.device, e.body
        FROM (
            SELECT (pg_snapshot_xmin(s)::text::bigint + c.ahead)::text::xid8 AS horizon,
                   (pg_snapshot_xmax(s)::text::bigint + c.ahead)::text::xid8 AS newest
            FROM event_clock c, pg_current_snapshot() s) n
        LEFT JOIN event_floors f ON f.tenant = $1
        LEFT JOIN LATERAL (
            SELECT d.written_by, d.position, d.device, d.body
            FROM device_events d
            WHERE d.tenant = $1
              AND (d.written_by, d.position) > (coalesce($2, f.written_by, '0'), coalesce($3, f.position, 0))
              AND d.written_by < n.horizon
        """;

    private const string Kinds = " AND d.kind = ANY ($5)";

    private const string Tail = """

            ORDER BY d.written_by, d.position
            LIMIT $4) e ON true
        """;

    public async ValueTask<EventCursor> FindEndAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(
            "SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ahead)::text::xid8 FROM event_clock");
        return await PostgresFaults.AskAsync(postgres, "events", async () =>
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            await rows.ReadAsync(cancellationToken);
            return new EventCursor(rows.GetFieldValue<ulong>(0), 0);
        });
    }

    public async ValueTask<Outcome<EventPage>> ReadAsync(
        TenantId tenant, EventCursor? after, ImmutableArray<string> kinds, int limit, CancellationToken cancellationToken)
    {
        await using var command = postgres.CreateCommand(kinds.IsEmpty ? Head + Tail : Head + Kinds + Tail);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant.Name });
        command.Parameters.Add(new() { Value = after is { } place ? place.Transaction : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Xid8 });
        command.Parameters.Add(new() { Value = after is { } from ? from.Position : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        if (!kinds.IsEmpty)
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. kinds] });
        }

        return await PostgresFaults.AskAsync(postgres, "events", async () =>
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            return await ReadPageAsync(rows, tenant, after, limit, cancellationToken);
        });
    }

    private static async Task<Outcome<EventPage>> ReadPageAsync(
        NpgsqlDataReader rows, TenantId tenant, EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        var events = ImmutableArray.CreateBuilder<StreamedEvent>();
        EventCursor end = default;
        while (await rows.ReadAsync(cancellationToken))
        {
            if (Refuse(rows, after) is { } problem)
            {
                return problem;
            }

            end = new EventCursor(rows.GetFieldValue<ulong>(0), 0);
            if (!rows.IsDBNull(4) && DeviceId.TryCreate(tenant.Name, rows.GetString(6), out var device))
            {
                var cursor = new EventCursor(rows.GetFieldValue<ulong>(4), rows.GetInt64(5));
                events.Add(new StreamedEvent(device, EventJson.Read(rows.GetFieldValue<byte[]>(7)), cursor));
            }
        }

        return events.Count == limit
            ? new EventPage(events.ToImmutable(), events[^1].Cursor, HasMore: true)
            : new EventPage(events.ToImmutable(), after > end ? after.Value : end, HasMore: false);
    }

    private static Problem? Refuse(NpgsqlDataReader row, EventCursor? after)
    {
        if (after is not { } cursor)
        {
            return null;
        }

        var isPruned = !row.IsDBNull(2) && cursor < new EventCursor(row.GetFieldValue<ulong>(2), row.GetInt64(3));
        return cursor.Transaction > row.GetFieldValue<ulong>(1) ? ProblemCatalog.CursorUnknown : isPruned ? ProblemCatalog.CursorPruned : null;
    }
}
