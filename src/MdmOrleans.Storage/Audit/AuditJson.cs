using System.Text.Json;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.Json;

namespace MdmOrleans.Storage.Audit;

/// <summary>Audit records and anchors as rows hold them: JSON, because auditors ask with SQL.</summary>
internal static class AuditJson
{
    public static byte[] Write(AuditEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, StorageJson.Default.AuditEntry);

    public static AuditRecord Read(long number, byte[] body, byte[] hash) => new(
        number, JsonSerializer.Deserialize(body, StorageJson.Default.AuditEntry) ?? throw new JsonException("A row without a record."), hash);

    public static byte[] Write(ChainAnchor anchor) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredAnchor
        {
            At = anchor.At,
            AuditNumber = anchor.Audit.Number,
            AuditHash = anchor.Audit.Hash,
            Shards = [.. anchor.Shards],
            Previous = anchor.Previous,
            KeyId = anchor.KeyId,
            Seal = anchor.Seal,
        },
        StorageJson.Default.StoredAnchor);

    public static ChainAnchor ReadAnchor(TenantId? tenant, byte[] body)
    {
        var stored = JsonSerializer.Deserialize(body, StorageJson.Default.StoredAnchor) ?? throw new JsonException("A row without an anchor.");
        return new ChainAnchor
        {
            Tenant = tenant,
            At = stored.At,
            Audit = new(stored.AuditNumber, stored.AuditHash),
            Shards = [.. stored.Shards],
            Previous = stored.Previous,
            KeyId = stored.KeyId,
            Seal = stored.Seal,
        };
    }
}

/// <summary>How an anchor is written to disk. Only ever add optional members.</summary>
internal sealed record StoredAnchor
{
    public required DateTimeOffset At { get; init; }

    public required long AuditNumber { get; init; }

    public required ReadOnlyMemory<byte> AuditHash { get; init; }

    public required ShardHeads[] Shards { get; init; }

    public required ReadOnlyMemory<byte> Previous { get; init; }

    public required string KeyId { get; init; }

    public required ReadOnlyMemory<byte> Seal { get; init; }
}
