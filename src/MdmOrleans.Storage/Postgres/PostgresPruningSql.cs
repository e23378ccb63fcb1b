namespace MdmOrleans.Storage.Postgres;

/// <summary>What is kept of a partition that is to go. $1 is the cutoff; the names of partitions are our own.</summary>
internal static class PostgresPruningSql
{
    /// <summary>Of the next devices behind $2 and $3 the last event of each kind. Answers with the last of these devices; no row: that was all.</summary>
    /// <remarks>By device, since a device has many events in a month and few kinds: its part of the primary key is read, and no other.</remarks>
    public static string KeepAnchors(string partition) => $"""
        WITH page AS (
            SELECT tenant, device FROM devices WHERE (tenant, device) > ($2, $3) ORDER BY tenant, device LIMIT 500),
        kept AS (
            INSERT INTO device_event_anchors AS a (tenant, device, kind, number, body)
            SELECT p.tenant, p.device, e.kind, e.number, e.body
            FROM page p CROSS JOIN LATERAL (
                SELECT DISTINCT ON (d.kind) d.kind, d.number, d.body
                FROM {partition} d
                WHERE d.tenant = p.tenant AND d.device = p.device AND d.recorded_at < $1
                ORDER BY d.kind, d.number DESC) e
            ON CONFLICT (tenant, device, kind) DO UPDATE SET number = excluded.number, body = excluded.body
            WHERE a.number < excluded.number)
        SELECT tenant, device FROM page ORDER BY tenant DESC, device DESC LIMIT 1
        """;

    /// <summary>Of each tenant the last event that goes. Leaps from tenant to tenant in the index: a month has few of them and many events.</summary>
    public static string KeepFloors(string partition) => $"""
        WITH RECURSIVE tenants AS (
            (SELECT tenant FROM {partition} ORDER BY tenant LIMIT 1)
            UNION ALL
            SELECT (SELECT d.tenant FROM {partition} d WHERE d.tenant > t.tenant ORDER BY d.tenant LIMIT 1) FROM tenants t WHERE t.tenant IS NOT NULL)
        INSERT INTO event_floors AS f (tenant, written_by, position)
        SELECT t.tenant, e.written_by, e.position
        FROM tenants t CROSS JOIN LATERAL (
            SELECT d.written_by, d.position FROM {partition} d
            WHERE d.tenant = t.tenant AND d.recorded_at < $1
            ORDER BY d.written_by DESC, d.position DESC LIMIT 1) e
        ON CONFLICT (tenant) DO UPDATE SET written_by = excluded.written_by, position = excluded.position
        WHERE (f.written_by, f.position) < (excluded.written_by, excluded.position)
        """;

    public static string Delete(string partition) => $"DELETE FROM {partition} WHERE recorded_at < $1";
}
