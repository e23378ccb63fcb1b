namespace MdmOrleans.Storage.Postgres;

/// <summary>
/// One statement, so one round trip and one transaction, that stores a batch of twins and answers which rows of it won.
/// The parameters are the columns of <see cref="DeviceBatch"/>, in its order.
/// </summary>
internal static class DeviceBatchSql
{
    private const string Input = """
        unnest($1::text[], $2::text[], $3::bigint[], $4::smallint[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[],
               $10::text[], $11::text[], $12::text[], $13::integer[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[],
               $17::timestamptz[], $18::bytea[], $19::text[], $20::bytea[], $21::bytea[], $22::timestamptz[], $28::integer[], $29::bytea[], $30::text[])
        WITH ORDINALITY AS i (tenant, device, expected, shard, epoch, lifecycle, compliance, access, platform, os_version, serial,
               policy, policy_version, created_at, next_due_at, checked_in_at, seen_at, state, labels, attributes, apps, nominated_at, holds, finished_commands,
               searched, row)
        """;

    private const string Updated = $"""
        updated AS (
            UPDATE devices d SET
                epoch = i.epoch, lifecycle = i.lifecycle, compliance = i.compliance, access = i.access, platform = i.platform,
                os_version = i.os_version, serial = i.serial, policy = i.policy, policy_version = i.policy_version,
                nominated_at = i.nominated_at, next_due_at = i.next_due_at, checked_in_at = i.checked_in_at, seen_at = i.seen_at,
                version = i.expected + 1, state = i.state, holds = i.holds,
                labels = coalesce(i.labels::jsonb, d.labels),
                attributes = coalesce(convert_from(i.attributes, 'UTF8')::jsonb, d.attributes),
                apps = coalesce(i.apps, d.apps),
                finished_commands = coalesce(i.finished_commands, d.finished_commands),
                searched = coalesce(i.searched::jsonb, d.searched)
            FROM {Input}
            WHERE d.tenant = i.tenant AND d.device = i.device AND d.version = i.expected
            RETURNING d.tenant, d.device, i.row)
        """;

    private const string Created = $"""
        created AS (
            INSERT INTO devices (
                tenant, device, shard, epoch, lifecycle, compliance, access, platform, os_version, serial, policy, policy_version,
                created_at, next_due_at, checked_in_at, seen_at, version, state, labels, attributes, apps, nominated_at, holds,
                finished_commands, searched)
            SELECT
                i.tenant, i.device, i.shard, i.epoch, i.lifecycle, i.compliance, i.access, i.platform, i.os_version, i.serial, i.policy,
                i.policy_version, i.created_at, i.next_due_at, i.checked_in_at, i.seen_at, 1, i.state, i.labels::jsonb,
                convert_from(i.attributes, 'UTF8')::jsonb, i.apps, i.nominated_at, i.holds, i.finished_commands,
                i.searched::jsonb
            FROM {Input}
            WHERE i.expected = 0
            ON CONFLICT DO NOTHING
            RETURNING tenant, device)
        """;

    private const string Logged = """
        logged AS (
            INSERT INTO device_events (tenant, device, number, recorded_at, body, kind)
            SELECT saved.tenant, saved.device, e.number, e.recorded_at, e.body, e.kind
            FROM unnest($23::integer[], $24::bigint[], $25::timestamptz[], $26::bytea[], $27::text[]) AS e (row, number, recorded_at, body, kind)
            JOIN saved USING (row))
        SELECT row FROM saved
        """;

    /// <summary>For a batch in which every device is known: nearly every batch.</summary>
    public const string Update = $"""
        WITH {Updated},
        saved AS (TABLE updated),
        {Logged}
        """;

    /// <summary>For a batch that also creates devices.</summary>
    public const string UpdateAndCreate = $"""
        WITH {Updated},
        {Created},
        saved AS (
            TABLE updated
            UNION ALL
            SELECT created.tenant, created.device, i.row
            FROM created JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS i (tenant, device, row) USING (tenant, device)),
        {Logged}
        """;

    /// <summary>
    /// After an attempt that ended without an answer: rows that lost to nobody but that attempt. Same version and same state,
    /// and with the state the same end of the event chain, whose hash covers every event.
    /// </summary>
    public const string StoredBefore = """
        SELECT i.row
        FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[]) WITH ORDINALITY AS i (tenant, device, expected, state, row)
        JOIN devices d ON d.tenant = i.tenant AND d.device = i.device AND d.version = i.expected + 1 AND d.state = i.state
        """;
}
