using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Storage.Json;
using MdmOrleans.Storage.Twins;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresDeviceRemover(LaneDataSource lanes) : IDeviceRemover
{
    // One statement, one snapshot: the ends of its days are read although its events are deleted.
    private static readonly string Sql = $"""
        WITH deleted AS (
            DELETE FROM devices WHERE tenant = $1 AND device = $2 AND version = $3 RETURNING shard),
        unseen AS (
            DELETE FROM device_seen WHERE tenant = $1 AND device = $2 AND EXISTS (SELECT FROM deleted)),
        forgotten AS (
            DELETE FROM device_events WHERE tenant = $1 AND device = $2 AND EXISTS (SELECT FROM deleted)),
        unanchored AS (
            DELETE FROM device_event_anchors WHERE tenant = $1 AND device = $2 AND EXISTS (SELECT FROM deleted)),
        buried AS (
            INSERT INTO device_tombstones (tenant, device, deleted_at, shard, actor, number, hash, body)
            SELECT $1, $2, $4, deleted.shard, $5, $6, $7, $8 FROM deleted),
        headed AS (
            INSERT INTO device_tombstone_heads (tenant, device, deleted_at, number, recorded_at, hash)
            SELECT $1, $2, $4, h.number, h.recorded_at, h.hash FROM deleted CROSS JOIN (
                (SELECT number, timestamptz '0001-01-01 00:00:00+00' AS recorded_at, {PostgresEventHash.Of("body")} AS hash
                 FROM device_event_anchors WHERE tenant = $1 AND device = $2 ORDER BY number DESC LIMIT 1)
                UNION ALL
                (SELECT DISTINCT ON ((recorded_at AT TIME ZONE 'UTC')::date) number, recorded_at, {PostgresEventHash.Of("body")}
                 FROM device_events WHERE tenant = $1 AND device = $2
                 ORDER BY (recorded_at AT TIME ZONE 'UTC')::date, number DESC)
                UNION ALL
                SELECT $6, $4, encode($7, 'base64')) h)
        SELECT EXISTS (SELECT FROM deleted)
        """;

    public Task<SaveOutcome> RemoveAsync(Device device, Deletion deletion, CancellationToken cancellationToken) =>
        PostgresFaults.OrAwayAsync("devices", () => TryRemoveAsync(device, deletion, cancellationToken));

    private async Task<SaveOutcome> TryRemoveAsync(Device device, Deletion deletion, CancellationToken cancellationToken)
    {
        await using var connection = await lanes.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 7 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device.Id.Tenant.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = device.Id.Name });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = device.Version });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = deletion.Event.RecordedAt.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = deletion.Event.Actor });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = deletion.Event.Number });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = deletion.Event.Hash.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = EventJson.Write(deletion.Event) });
        if (await command.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return SaveOutcome.Conflict;
        }

        await PostgresAuditTrail.AppendAsync(connection, device.Id.Tenant, deletion.Audit, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return SaveOutcome.Saved;
    }
}
