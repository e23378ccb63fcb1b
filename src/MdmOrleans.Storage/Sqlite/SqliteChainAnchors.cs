using System.Collections.Immutable;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Audit;
using MdmOrleans.Storage.GroupCommit;
using Microsoft.Data.Sqlite;

namespace MdmOrleans.Storage.Sqlite;

internal sealed class SqliteChainAnchors(SqliteReader reader, SqliteWriter writer) : IChainAnchors
{
    private const string Insert = "INSERT INTO chain_anchors (tenant, at, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

    // What was pruned was recorded before everything that is kept.
    private const string LiveHeads = """
        SELECT d.shard, d.device, NULL AS deleted_at, coalesce(
            (SELECT e.number FROM device_events e WHERE e.tenant = d.tenant AND e.device = d.device AND e.recorded_at < $at
             ORDER BY e.number DESC LIMIT 1),
            (SELECT max(a.number) FROM device_event_anchors a WHERE a.tenant = d.tenant AND a.device = d.device)) AS number
        FROM devices d WHERE d.tenant = $tenant AND ($shard IS NULL OR d.shard = $shard)
        """;

    private const string Heads = $"""
        SELECT h.shard, h.device, h.number, coalesce(
            (SELECT json_extract(CAST(e.body AS TEXT), '$.hash') FROM device_events e
             WHERE e.tenant = $tenant AND e.device = h.device AND e.number = h.number),
            (SELECT json_extract(CAST(a.body AS TEXT), '$.hash') FROM device_event_anchors a
             WHERE a.tenant = $tenant AND a.device = h.device AND a.number = h.number)) AS hash, h.deleted_at AS deleted_at
        FROM ({LiveHeads}) h WHERE h.number IS NOT NULL
        UNION ALL
        SELECT t.shard, t.device, k.number, k.hash, t.deleted_at
        FROM device_tombstones t JOIN device_tombstone_heads k ON k.tenant = t.tenant AND k.device = t.device AND k.deleted_at = t.deleted_at
        WHERE t.tenant = $tenant AND ($shard IS NULL OR t.shard = $shard) AND k.number = (
            SELECT max(n.number) FROM device_tombstone_heads n
            WHERE n.tenant = t.tenant AND n.device = t.device AND n.deleted_at = t.deleted_at AND n.recorded_at < $at)
        ORDER BY device, deleted_at NULLS LAST
        """;

    public async ValueTask<ImmutableArray<ChainAnchor>> ReadAsync(TenantId? tenant, int limit, CancellationToken cancellationToken) =>
        await reader.AskAsync(
            command =>
            {
                command.CommandText = "SELECT body FROM chain_anchors WHERE tenant = $tenant ORDER BY at DESC LIMIT $limit";
                command.Parameters.AddWithValue("$tenant", AuditChains.NameOf(tenant));
                command.Parameters.AddWithValue("$limit", limit);
                var anchors = ImmutableArray.CreateBuilder<ChainAnchor>();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    anchors.Add(AuditJson.ReadAnchor(tenant, rows.GetFieldValue<byte[]>(0)));
                }

                return anchors.ToImmutable();
            },
            cancellationToken);

    public async ValueTask AddAsync(ChainAnchor anchor, CancellationToken cancellationToken)
    {
        try
        {
            await writer.RunAsync(session =>
            {
                var insert = session.Statement(Insert);
                insert.Bind(1, AuditChains.NameOf(anchor.Tenant));
                insert.Bind(2, anchor.At);
                insert.Bind(3, AuditJson.Write(anchor).AsSpan());
                return insert.Execute();
            });
        }
        catch (SqliteException e) when (SqliteFaults.Classify(e) is BatchFault.Transient)
        {
            throw Unavailable.Away("anchors", e);
        }
    }

    public async ValueTask<EventChain> FindAuditEndAsync(TenantId? tenant, CancellationToken cancellationToken) => await reader.AskAsync(
        command =>
        {
            command.CommandText = "SELECT number, hash FROM audit_records WHERE tenant = $tenant ORDER BY number DESC LIMIT 1";
            command.Parameters.AddWithValue("$tenant", AuditChains.NameOf(tenant));
            using var rows = command.ExecuteReader();
            return rows.Read() ? new EventChain(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : EventChain.Empty;
        },
        cancellationToken);

    public async ValueTask<ImmutableArray<ShardHeads>> DigestHeadsAsync(
        TenantId tenant, DateTimeOffset at, int? shard, CancellationToken cancellationToken) => await reader.AskAsync(
            command =>
            {
                command.CommandText = Heads;
                command.Parameters.AddWithValue("$tenant", tenant.Name);
                command.Parameters.AddWithValue("$at", at.UtcTicks);
                command.Parameters.AddWithValue("$shard", (object?)shard ?? DBNull.Value);
                using var digests = new ShardDigests();
                using var rows = command.ExecuteReader();
                while (rows.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    digests.Add(rows.GetInt32(0), rows.GetString(1), rows.GetInt64(2), Convert.FromBase64String(rows.GetString(3)));
                }

                return digests.Complete();
            },
            cancellationToken);
}

internal sealed class SqliteTombstones(SqliteReader reader) : ITombstones
{
    private const string Newest = """
        SELECT deleted_at, actor, number, hash FROM device_tombstones
        WHERE tenant = $tenant AND device = $device AND deleted_at <= $until ORDER BY deleted_at DESC LIMIT 1
        """;

    public async ValueTask<Tombstone?> FindAsync(DeviceId id, DateTimeOffset until, CancellationToken cancellationToken) => await reader.AskAsync(
        command =>
        {
            command.CommandText = Newest;
            command.Parameters.AddWithValue("$tenant", id.Tenant.Name);
            command.Parameters.AddWithValue("$device", id.Name);
            command.Parameters.AddWithValue("$until", until.UtcTicks);
            using var rows = command.ExecuteReader();
            return rows.Read()
                ? new Tombstone(
                    new DateTimeOffset(rows.GetInt64(0), TimeSpan.Zero),
                    rows.GetString(1),
                    new EventChain(rows.GetInt64(2), rows.GetFieldValue<byte[]>(3)))
                : null;
        },
        cancellationToken);
}
