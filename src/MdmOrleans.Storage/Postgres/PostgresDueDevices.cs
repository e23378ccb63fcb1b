using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresDueDevices(
    LaneDataSource lanes, RuntimeDataSource runtime, GroupCommitter<Postponement, SaveOutcome> postponements, TwinCodec codec, SeenLane seen) : IDueDevices
{
    private const string Columns = $"""
        SELECT d.tenant, d.device, d.next_due_at, d.version, {PostgresRows.Twin}
        FROM devices d LEFT JOIN device_seen s ON s.tenant = d.tenant AND s.device = d.device
        WHERE d.shard = $1 AND d.next_due_at <= $2
        """;

    private const string Order = "ORDER BY d.next_due_at, d.tenant, d.device LIMIT $3";
    private const string First = $"{Columns} {Order}";

    // The bound on the instant alone is what the index is entered by; the rest only breaks ties.
    private const string Next = $"{Columns} AND d.next_due_at >= $4 AND (d.next_due_at, d.tenant, d.device) > ($4, $5, $6) {Order}";

    // In one statement, and never waiting for a lock, so that it cannot be part of a deadlock with the batches of twins.
    private const string Hasten = """
        WITH page AS (
            SELECT device FROM devices WHERE tenant = $1 AND device > $2 ORDER BY device LIMIT $3),
        late AS (
            SELECT d.device FROM devices d
            WHERE d.tenant = $1 AND d.device IN (SELECT device FROM page) AND d.lifecycle <> 'Retired' AND d.next_due_at >= $5
                AND ($6 IS NULL OR d.policy IS NULL OR (d.policy = $6 AND d.policy_version <> $7))
            FOR UPDATE SKIP LOCKED),
        moved AS (
            UPDATE devices d SET next_due_at = date_trunc('milliseconds', $4 + random() * ($5 - $4))
            FROM late WHERE d.tenant = $1 AND d.device = late.device
            RETURNING 1)
        SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM page), (SELECT max(device) FROM page)
        """;

    public async ValueTask<ImmutableArray<DueDevice>> ReadAsync(
        int shard, DateTimeOffset until, DueDevice? after, int limit, CancellationToken cancellationToken) =>
        await PostgresFaults.OrAwayAsync("devices", async () =>
        {
            await using var connection = await lanes.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(after is null ? First : Next, connection);
            command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)shard });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = until.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            if (after is not null)
            {
                command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = after.DueAt.UtcDateTime });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after.Id.Tenant.Name });
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after.Id.Name });
            }

            await command.PrepareAsync(cancellationToken);
            var devices = ImmutableArray.CreateBuilder<DueDevice>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (DeviceId.TryCreate(rows.GetString(0), rows.GetString(1), out var id))
                {
                    devices.Add(new DueDevice(id, rows.GetFieldValue<DateTimeOffset>(2), rows.GetInt64(3), ReadTwin(rows, id)));
                }
            }

            return devices.ToImmutable();
        });

    public ValueTask<SaveOutcome> PostponeAsync(Device before, Device after, CancellationToken cancellationToken) =>
        new(postponements.SubmitAsync((uint)after.Id.GetHashCode(), new Postponement(before, after), cancellationToken));

    public async ValueTask<HasteStep> HastenAsync(Haste haste, string? after, int limit, CancellationToken cancellationToken) =>
        await PostgresFaults.OrAwayAsync("devices", async () =>
        {
            await using var command = runtime.Source.CreateCommand(Hasten);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = haste.Tenant.Name });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after ?? string.Empty });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = haste.From.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = haste.Until.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = haste.Policy?.Id, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = haste.Policy?.Version, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            await rows.ReadAsync(cancellationToken);
            return new HasteStep((int)rows.GetInt64(0), rows.GetInt64(1) < limit ? null : rows.GetString(2));
        });

    private Device? ReadTwin(NpgsqlDataReader row, DeviceId id)
    {
        try
        {
            return seen.Refresh(codec.ReadTwin(row, 4, id));
        }
        catch (Exception e) when (PostgresFaults.Classify(e) is BatchFault.Poisoned)
        {
            return null; // said by whoever loads it
        }
    }
}
