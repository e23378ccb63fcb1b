using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>There is one writer, so the row id is the order in which events became visible.</summary>
internal sealed class SqliteEventStream(SqliteReader reader) : IEventStream
{
    // The highest that was ever given out: it stands also when the last event has been deleted.
    private const string End = "SELECT seq FROM sqlite_sequence WHERE name = 'device_events'";

    public async ValueTask<EventCursor> FindEndAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new(0, await reader.AskAsync(command => ReadNumber(command, End) ?? 0, cancellationToken));

    public async ValueTask<Outcome<EventPage>> ReadAsync(
        TenantId tenant, EventCursor? after, ImmutableArray<string> kinds, int limit, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                // First, so that what is written in between is left for the next page.
                var end = ReadNumber(command, End) ?? 0;
                command.Parameters.AddWithValue("$tenant", tenant.Name);
                var floor = ReadNumber(command, "SELECT position FROM event_floors WHERE tenant = $tenant") ?? 0;
                return Refuse(after, floor, end) is { } problem
                    ? (Outcome<EventPage>)problem
                    : ReadPage(command, tenant, after?.Position ?? floor, end, kinds, limit);
            },
            cancellationToken);

    private static Problem? Refuse(EventCursor? after, long floor, long end) => after switch
    {
        null => null,
        { Transaction: > 0 } or { Position: < 0 } => ProblemCatalog.CursorUnknown,
        { Position: var position } when position > end => ProblemCatalog.CursorUnknown,
        { Position: var position } when position < floor => ProblemCatalog.CursorPruned,
        _ => null,
    };

    private static EventPage ReadPage(SqliteCommand command, TenantId tenant, long after, long end, ImmutableArray<string> kinds, int limit)
    {
        command.CommandText = $"""
            SELECT position, device, body FROM device_events
            WHERE tenant = $tenant AND position > $after AND position <= $end{AreAsked(command, kinds)}
            ORDER BY position LIMIT $limit
            """;
        command.Parameters.AddWithValue("$after", after);
        command.Parameters.AddWithValue("$end", end);
        command.Parameters.AddWithValue("$limit", limit);
        var events = ImmutableArray.CreateBuilder<StreamedEvent>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (DeviceId.TryCreate(tenant.Name, rows.GetString(1), out var device))
            {
                events.Add(new StreamedEvent(device, EventJson.Read(rows.GetFieldValue<byte[]>(2)), new EventCursor(0, rows.GetInt64(0))));
            }
        }

        return events.Count == limit
            ? new EventPage(events.ToImmutable(), events[^1].Cursor, HasMore: true)
            : new EventPage(events.ToImmutable(), new EventCursor(0, Math.Max(after, end)), HasMore: false);
    }

    private static string AreAsked(SqliteCommand command, ImmutableArray<string> kinds)
    {
        // As a literal, or SQLite would not know that the index of this kind alone will do.
        if (kinds is [EventKinds.AccessChanged])
        {
            return $" AND kind = '{EventKinds.AccessChanged}'";
        }

        for (var i = 0; i < kinds.Length; i++)
        {
            command.Parameters.AddWithValue(FormattableString.Invariant($"$kind{i}"), kinds[i]);
        }

        return kinds.IsEmpty ? string.Empty : $" AND kind IN ({string.Join(", ", kinds.Select((_, i) => FormattableString.Invariant($"$kind{i}")))})";
    }

    private static long? ReadNumber(SqliteCommand command, string sql)
    {
        command.CommandText = sql;
        return command.ExecuteScalar() as long?;
    }
}
