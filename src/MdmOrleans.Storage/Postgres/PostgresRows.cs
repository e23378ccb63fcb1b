using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Twins;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

/// <summary>How a twin is read from a row.</summary>
internal static class PostgresRows
{
    public const string Tables = "devices d LEFT JOIN device_seen s ON s.tenant = d.tenant AND s.device = d.device";

    /// <summary>Of <see cref="Tables"/>, for <see cref="ReadTwin"/>.</summary>
    public const string Twin = "d.state, d.attributes, d.apps, d.finished_commands, d.labels, s.seen_at, s.check_in_at, s.device_clock, s.seq, s.boot";

    /// <param name="first">Where the columns of <see cref="Twin"/> begin.</param>
    public static Device ReadTwin(this TwinCodec codec, NpgsqlDataReader row, int first, DeviceId id) => codec.Read(
        id,
        row.GetFieldValue<byte[]>(first),
        row.IsDBNull(first + 1) ? null : row.GetFieldValue<byte[]>(first + 1),
        row.IsDBNull(first + 2) ? null : row.GetFieldValue<byte[]>(first + 2),
        row.IsDBNull(first + 3) ? null : row.GetFieldValue<byte[]>(first + 3),
        row.GetString(first + 4),
        row.IsDBNull(first + 5) ? null : ReadSeen(row, first + 5));

    private static LastSeen ReadSeen(NpgsqlDataReader row, int first) => new()
    {
        SeenAt = row.GetFieldValue<DateTimeOffset>(first),
        CheckInAt = ReadInstant(row, first + 1),
        DeviceClock = ReadInstant(row, first + 2),
        Seq = row.IsDBNull(first + 3) ? null : row.GetInt64(first + 3),
        Boot = row.IsDBNull(first + 4) ? null : row.GetString(first + 4),
    };

    private static DateTimeOffset? ReadInstant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
