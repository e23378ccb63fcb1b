using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Twins;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>How a twin is read from a row.</summary>
internal static class SqliteRows
{
    public const string Twin = "d.state, d.attributes, a.apps, f.commands, d.labels, s.seen_at, s.check_in_at, s.device_clock, s.seq, s.boot";

    public const string Tables = """
        devices d
        LEFT JOIN device_apps a ON a.tenant = d.tenant AND a.device = d.device
        LEFT JOIN device_finished_commands f ON f.tenant = d.tenant AND f.device = d.device
        LEFT JOIN device_seen s ON s.tenant = d.tenant AND s.device = d.device
        """;

    /// <param name="first">Where the columns of <see cref="Twin"/> begin.</param>
    public static Device ReadTwin(this TwinCodec codec, SqliteDataReader row, int first, DeviceId id) => codec.Read(
        id,
        row.GetFieldValue<byte[]>(first),
        row.IsDBNull(first + 1) ? null : row.GetFieldValue<byte[]>(first + 1),
        row.IsDBNull(first + 2) ? null : row.GetFieldValue<byte[]>(first + 2),
        row.IsDBNull(first + 3) ? null : row.GetFieldValue<byte[]>(first + 3),
        row.GetString(first + 4),
        row.IsDBNull(first + 5) ? null : ReadSeen(row, first + 5));

    public static DateTimeOffset? ReadInstant(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);

    private static LastSeen ReadSeen(SqliteDataReader row, int first) => new()
    {
        SeenAt = new DateTimeOffset(row.GetInt64(first), TimeSpan.Zero),
        CheckInAt = ReadInstant(row, first + 1),
        DeviceClock = ReadInstant(row, first + 2),
        Seq = row.IsDBNull(first + 3) ? null : row.GetInt64(first + 3),
        Boot = row.IsDBNull(first + 4) ? null : row.GetString(first + 4),
    };
}
