using System.Collections.Immutable;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Audit;
using Npgsql;

namespace MdmOrleans.Storage.Postgres;

internal sealed class PostgresChainAnchors(NpgsqlDataSource postgres) : IChainAnchors
{
    // Streamed, so that a large fleet is never in memory. What was pruned was recorded before everything that is kept.
    private static readonly string Heads = $"""
        SELECT l.shard, l.device, h.number, h.hash
        FROM (
            SELECT device, shard, NULL::timestamptz AS deleted_at FROM devices WHERE tenant = $1
            UNION ALL
            SELECT device, shard, deleted_at FROM device_tombstones WHERE tenant = $1) l
        CROSS JOIN LATERAL (
            SELECT k.number, k.hash FROM (
                (SELECT e.number, {PostgresEventHash.Of("e.body")} AS hash FROM device_events e
                 WHERE l.deleted_at IS NULL AND e.tenant = $1 AND e.device = l.device AND e.recorded_at < $2
                 ORDER BY e.number DESC LIMIT 1)
                UNION ALL
                (SELECT a.number, {PostgresEventHash.Of("a.body")} FROM device_event_anchors a
                 WHERE l.deleted_at IS NULL AND a.tenant = $1 AND a.device = l.device
                 ORDER BY a.number DESC LIMIT 1)
                UNION ALL
                (SELECT t.number, t.hash FROM device_tombstone_heads t
                 WHERE t.tenant = $1 AND t.device = l.device AND t.deleted_at = l.deleted_at AND t.recorded_at < $2
                 ORDER BY t.number DESC LIMIT 1)) k
            ORDER BY k.number DESC LIMIT 1) h
        WHERE $3 IS NULL OR l.shard = $3
        ORDER BY l.device, l.deleted_at NULLS LAST
        """;

    public async ValueTask<ImmutableArray<ChainAnchor>> ReadAsync(TenantId? tenant, int limit, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "anchors", async () =>
        {
            await using var command = postgres.CreateCommand("SELECT body FROM chain_anchors WHERE tenant = $1 ORDER BY at DESC LIMIT $2");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = AuditChains.NameOf(tenant) });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            var anchors = ImmutableArray.CreateBuilder<ChainAnchor>();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                anchors.Add(AuditJson.ReadAnchor(tenant, rows.GetFieldValue<byte[]>(0)));
            }

            return anchors.ToImmutable();
        });

    public async ValueTask AddAsync(ChainAnchor anchor, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "anchors", async () =>
        {
            await using var command = postgres.CreateCommand(
                "INSERT INTO chain_anchors (tenant, at, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = AuditChains.NameOf(anchor.Tenant) });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = anchor.At.UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = AuditJson.Write(anchor) });
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });

    public async ValueTask<EventChain> FindAuditEndAsync(TenantId? tenant, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "anchors", async () =>
        {
            await using var command = postgres.CreateCommand(
                "SELECT number, hash FROM audit_records WHERE tenant = $1 ORDER BY number DESC LIMIT 1");
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = AuditChains.NameOf(tenant) });
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            return await rows.ReadAsync(cancellationToken) ? new EventChain(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : EventChain.Empty;
        });

    public async ValueTask<ImmutableArray<ShardHeads>> DigestHeadsAsync(
        TenantId tenant, DateTimeOffset at, int? shard, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "anchors", async () =>
        {
            await using var command = postgres.CreateCommand(Heads);
            command.CommandTimeout = 0; // a large fleet takes its time; whoever asks may cancel
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant.Name });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime });
            command.Parameters.Add(new() { Value = (object?)shard ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
            using var digests = new ShardDigests();
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                digests.Add(rows.GetInt16(0), rows.GetString(1), rows.GetInt64(2), Convert.FromBase64String(rows.GetString(3)));
            }

            return digests.Complete();
        });
}

/// <summary>The hash of a stored event in SQL, in Base64. Not by JSON operators: they refuse the whole of an event that has \u0000 in a text.</summary>
internal static class PostgresEventHash
{
    /// <param name="body">The column.</param>
    /// <remarks>The last one of the text: nothing that a device said stands behind it.</remarks>
    public static string Of(string body) => $"""substring(convert_from({body}, 'UTF8') from '^.*"hash":"([^"]*)"')""";
}

internal sealed class PostgresTombstones(NpgsqlDataSource postgres) : ITombstones
{
    private const string Newest = """
        SELECT deleted_at, actor, number, hash FROM device_tombstones
        WHERE tenant = $1 AND device = $2 AND deleted_at <= $3 ORDER BY deleted_at DESC LIMIT 1
        """;

    public async ValueTask<Tombstone?> FindAsync(DeviceId id, DateTimeOffset until, CancellationToken cancellationToken) =>
        await PostgresFaults.AskAsync(postgres, "tombstones", async () =>
        {
            await using var command = postgres.CreateCommand(Newest);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Tenant.Name });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id.Name });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = until.UtcDateTime });
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            return await rows.ReadAsync(cancellationToken)
                ? new Tombstone(
                    rows.GetFieldValue<DateTimeOffset>(0), rows.GetString(1), new EventChain(rows.GetInt64(2), rows.GetFieldValue<byte[]>(3)))
                : null;
        });
}
