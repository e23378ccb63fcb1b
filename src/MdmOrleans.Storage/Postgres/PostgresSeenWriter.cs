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

    public async Task WriteAsync(ReadOnlyMemory<KeyValuePair<DeviceId, LastSeen>> batch, CancellationToken cancellationToken)
    {
        await using var connection = await lanes.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.AddColumn(NpgsqlDbType.Text, batch.Span, entry => entry.Key.Tenant.Name);
        command.AddColumn(NpgsqlDbType.Text, batch.Span, entry => entry.Key.Name);
        command.AddColumn(NpgsqlDbType.TimestampTz, batch.Span, entry => entry.Value.SeenAt.UtcDateTime);
        command.AddColumn(NpgsqlDbType.TimestampTz, batch.Span, entry => entry.Value.CheckInAt?.UtcDateTime);
        command.AddColumn(NpgsqlDbType.TimestampTz, batch.Span, entry => entry.Value.DeviceClock?.UtcDateTime);
        command.AddColumn(NpgsqlDbType.Bigint, batch.Span, entry => entry.Value.Seq);
        command.AddColumn(NpgsqlDbType.Text, batch.Span, entry => Searchable.Text(entry.Value.Boot));
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
