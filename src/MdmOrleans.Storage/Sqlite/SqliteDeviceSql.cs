using MdmOrleans.Core;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Storage.Sqlite;

/// <summary>The statements of the twins. ?1 and ?2 name the device, ?3 is the version that must be stored.</summary>
internal static class SqliteDeviceSql
{
    public const string Create = """
        INSERT INTO devices (
            tenant, device, version, state, seen_at, checked_in_at, labels, attributes, epoch, lifecycle, compliance, access,
            platform, os_version, serial, policy, policy_version, next_due_at, nominated_at, holds, shard, created_at, searched)
        VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
        ON CONFLICT DO NOTHING
        """;

    public const string Update = """
        UPDATE devices SET
            version = ?3 + 1, state = ?4, seen_at = ?5, checked_in_at = ?6,
            labels = coalesce(?7, labels), attributes = coalesce(?8, attributes), searched = coalesce(?23, searched),
            epoch = ?9, lifecycle = ?10, compliance = ?11, access = ?12, platform = ?13, os_version = ?14, serial = ?15,
            policy = ?16, policy_version = ?17, next_due_at = ?18, nominated_at = ?19, holds = ?20
        WHERE tenant = ?1 AND device = ?2 AND version = ?3
        """;

    /// <summary>Where <see cref="AreSearchedAlike"/>: SQLite rewrites the indexes of every column that a statement names.</summary>
    public const string UpdateState = """
        UPDATE devices SET
            version = ?3 + 1, state = ?4, seen_at = ?5, checked_in_at = ?6,
            labels = coalesce(?7, labels), attributes = coalesce(?8, attributes), searched = coalesce(?9, searched)
        WHERE tenant = ?1 AND device = ?2 AND version = ?3
        """;

    public const string StoredBefore = "SELECT 1 FROM devices WHERE tenant = ?1 AND device = ?2 AND version = ?3 + 1 AND state = ?4";

    public const string UpsertApps = """
        INSERT INTO device_apps (tenant, device, apps) VALUES (?1, ?2, ?3)
        ON CONFLICT (tenant, device) DO UPDATE SET apps = excluded.apps
        """;

    public const string UpsertFinishedCommands = """
        INSERT INTO device_finished_commands (tenant, device, commands) VALUES (?1, ?2, ?3)
        ON CONFLICT (tenant, device) DO UPDATE SET commands = excluded.commands
        """;

    public const string Append = "INSERT INTO device_events (tenant, device, number, recorded_at, body, kind) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

    public const string Delete = "DELETE FROM devices WHERE tenant = ?1 AND device = ?2 AND version = ?3";

    public const string DeleteApps = "DELETE FROM device_apps WHERE tenant = ?1 AND device = ?2";

    public const string DeleteFinishedCommands = "DELETE FROM device_finished_commands WHERE tenant = ?1 AND device = ?2";

    public const string DeleteSeen = "DELETE FROM device_seen WHERE tenant = ?1 AND device = ?2";

    public const string DeleteEvents = "DELETE FROM device_events WHERE tenant = ?1 AND device = ?2";

    public const string DeleteAnchors = "DELETE FROM device_event_anchors WHERE tenant = ?1 AND device = ?2";

    public const string InsertTombstone = """
        INSERT INTO device_tombstones (tenant, device, deleted_at, shard, actor, number, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """;

    /// <summary>The end of each UTC day's events, whose other columns SQLite takes from the row of the maximum.</summary>
    public const string InsertTombstoneHeads = """
        INSERT INTO device_tombstone_heads (tenant, device, deleted_at, number, recorded_at, hash)
        SELECT ?1, ?2, ?3, number, recorded_at, hash FROM (
            SELECT max(number) AS number, 0 AS recorded_at, json_extract(CAST(body AS TEXT), '$.hash') AS hash
            FROM device_event_anchors WHERE tenant = ?1 AND device = ?2
            UNION ALL
            SELECT max(number), recorded_at, json_extract(CAST(body AS TEXT), '$.hash')
            FROM device_events WHERE tenant = ?1 AND device = ?2 GROUP BY recorded_at / 864000000000
            UNION ALL
            SELECT ?4, ?3, ?5)
        WHERE number IS NOT NULL
        """;

    public const string UpsertSeen = """
        INSERT INTO device_seen AS stored (tenant, device, seen_at, check_in_at, device_clock, seq, boot)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (tenant, device) DO UPDATE SET
            seen_at = excluded.seen_at, check_in_at = excluded.check_in_at, device_clock = excluded.device_clock,
            seq = excluded.seq, boot = excluded.boot
        WHERE (stored.seen_at, coalesce(stored.check_in_at, 0), coalesce(stored.seq, -1))
            < (excluded.seen_at, coalesce(excluded.check_in_at, 0), coalesce(excluded.seq, -1))
        """;

    /// <summary>True when no column differs that <see cref="Update"/> writes and <see cref="UpdateState"/> does not.</summary>
    public static bool AreSearchedAlike(Device before, Device after) =>
        before.Epoch == after.Epoch
        && before.Lifecycle == after.Lifecycle
        && before.Compliance.Status == after.Compliance.Status
        && before.Access.Level == after.Access.Level
        && before.Platform == after.Platform
        && before.Posture?.OsVersion == after.Posture?.OsVersion
        && before.Serial == after.Serial
        && before.Compliance.Policy == after.Compliance.Policy
        && before.NextDueAt == after.NextDueAt
        && before.Compliance.Ladder?.NominatedAt == after.Compliance.Ladder?.NominatedAt
        && HoldRules.Count(before.Commands) == HoldRules.Count(after.Commands);
}
