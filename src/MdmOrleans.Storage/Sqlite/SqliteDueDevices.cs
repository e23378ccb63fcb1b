using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

internal sealed class SqliteDueDevices(
    SqliteReader reader, SqliteWriter writer, GroupCommitter<Postponement, SaveOutcome> postponements, TwinCodec codec, SeenLane seen) : IDueDevices
{
    private const string Due = $"""
        SELECT d.tenant, d.device, d.next_due_at, d.version, {SqliteRows.Twin} FROM {SqliteRows.Tables}
        WHERE d.shard = $shard AND d.next_due_at <= $until AND d.next_due_at >= $after AND (d.next_due_at, d.tenant, d.device) > ($after, $tenant, $device)
        ORDER BY d.next_due_at, d.tenant, d.device LIMIT $limit
        """;

    private const string Page = """
        SELECT count(*), max(device) FROM (SELECT device FROM devices WHERE tenant = $tenant AND device > $after ORDER BY device LIMIT $limit)
        """;

    // ?3 is the last of the page; the instants are in ticks, of which a millisecond has 10,000.
    private const string Hasten = """
        UPDATE devices SET next_due_at = ?4 + abs(random() % ((?5 - ?4) / 10000 + 1)) * 10000
        WHERE tenant = ?1 AND device > ?2 AND device <= ?3 AND lifecycle <> 'Retired' AND next_due_at >= ?5
            AND (?6 IS NULL OR policy IS NULL OR (policy = ?6 AND policy_version <> ?7))
        """;

    public async ValueTask<ImmutableArray<DueDevice>> ReadAsync(
        int shard, DateTimeOffset until, DueDevice? after, int limit, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                command.CommandText = Due;
                command.Parameters.AddWithValue("$shard", shard);
                command.Parameters.AddWithValue("$until", until.UtcTicks);
                command.Parameters.AddWithValue("$after", after?.DueAt.UtcTicks ?? 0);
                command.Parameters.AddWithValue("$tenant", after?.Id.Tenant.Name ?? string.Empty);
                command.Parameters.AddWithValue("$device", after?.Id.Name ?? string.Empty);
                command.Parameters.AddWithValue("$limit", limit);
                var devices = ImmutableArray.CreateBuilder<DueDevice>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    if (DeviceId.TryCreate(rows.GetString(0), rows.GetString(1), out var id))
                    {
                        devices.Add(new DueDevice(id, SqliteRows.ReadInstant(rows, 2)!.Value, rows.GetInt64(3), ReadTwin(rows, id))); // not null: it was asked for by value
                    }
                }

                return devices.ToImmutable();
            },
            cancellationToken);

    public ValueTask<SaveOutcome> PostponeAsync(Device before, Device after, CancellationToken cancellationToken) =>
        new(postponements.SubmitAsync((uint)after.Id.GetHashCode(), new Postponement(before, after), cancellationToken));

    public async ValueTask<HasteStep> HastenAsync(Haste haste, string? after, int limit, CancellationToken cancellationToken)
    {
        var (count, last) = await reader.AskAsync(command => FindPage(command, haste.Tenant, after, limit), cancellationToken);
        if (last is null)
        {
            return new HasteStep(0, null);
        }

        try
        {
            var moved = await writer.RunAsync(session => Move(session, haste, after, last));
            return new HasteStep(moved, count < limit ? null : last);
        }
        catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away("devices", e);
        }
    }

    private static (int Count, string? Last) FindPage(SqliteCommand command, TenantId tenant, string? after, int limit)
    {
        command.CommandText = Page;
        command.Parameters.AddWithValue("$tenant", tenant.Name);
        command.Parameters.AddWithValue("$after", after ?? string.Empty);
        command.Parameters.AddWithValue("$limit", limit);
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.IsDBNull(1) ? null : row.GetString(1));
    }

    private static int Move(SqliteSession session, Haste haste, string? after, string last)
    {
        var statement = session.Statement(Hasten);
        statement.Bind(1, haste.Tenant.Name);
        statement.Bind(2, after ?? string.Empty);
        statement.Bind(3, last);
        statement.Bind(4, haste.From.UtcTicks);
        statement.Bind(5, haste.Until.UtcTicks);
        statement.Bind(6, haste.Policy?.Id);
        statement.Bind(7, haste.Policy?.Version);
        return statement.Execute();
    }

    private Device? ReadTwin(SqliteDataReader row, DeviceId id)
    {
        try
        {
            return seen.Refresh(codec.ReadTwin(row, 4, id));
        }
        catch (Exception e) when (SqliteFaults.Classify(e) is BatchFault.Poisoned)
        {
            return null; // said by whoever loads it
        }
    }
}
