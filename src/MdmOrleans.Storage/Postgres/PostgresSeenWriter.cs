using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;
using MdmOrleans.Storage.Twins;
using Npgsql;
using NpgsqlTypes;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresSeenWriter(LaneDataSource lanes) : ISeenWriter
{
    private const string Sql = """
        INSERT INTO device_seen AS stored (tenant, device, seen_at, check_in_at, device_clock, seq, boot)
        SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::bigint[], $7::text[])
        ON CONFLICT (tenant, device) DO UPDATE SET
            seen_at = excluded.seen_at, check_in_at = excluded.check_in_at, device_clock = excluded.device_clock,
            seq = excluded.seq, boot = excluded.boot
        WHERE (stored.seen_at, coalesce(stored.check_in_at, '-infinity'), coalesce(stored.seq, -1))
            < (excluded.seen_at, coalesce(excluded.check_in_at, '-infinity'), coalesce(excluded.seq, -1))
        """;

    public BatchFault Classify(Exception exception) => PostgresFaults.Classify(exception);

    public async Task WriteAsync(IReadOnlyList<KeyValuePair<DeviceId, LastSeen>> batch, CancellationToken cancellationToken)
    {
        await using var connection = await lanes.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        Add(command, NpgsqlDbType.Text, batch, (id, _) => id.Tenant.Name);
        Add(command, NpgsqlDbType.Text, batch, (id, _) => id.Name);
        Add(command, NpgsqlDbType.TimestampTz, batch, (_, seen) => seen.SeenAt.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, batch, (_, seen) => seen.CheckInAt?.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, batch, (_, seen) => seen.DeviceClock?.UtcDateTime);
        Add(command, NpgsqlDbType.Bigint, batch, (_, seen) => seen.Seq);
        Add(command, NpgsqlDbType.Text, batch, (_, seen) => Searchable.Text(seen.Boot));
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add<T>(
        NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<KeyValuePair<DeviceId, LastSeen>> batch, Func<DeviceId, LastSeen, T> column)
    {
        var values = new T[batch.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(batch[i].Key, batch[i].Value);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
