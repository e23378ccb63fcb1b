using System.Buffers;
using System.Security.Cryptography;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Audit;

/// <summary>One numbered, hashed entry of the audit trail of a tenant, or of the installation.</summary>
/// <param name="Number">1, 2, 3 … for each chain, without gaps.</param>
/// <param name="Hash">SHA-256 over the hash of the record before it, the chain's tenant and the entry.</param>
public sealed record AuditRecord(long Number, AuditEntry Entry, ReadOnlyMemory<byte> Hash)
{
    private const long Format = 1;

    /// <summary>The next record of a chain. Its instant is never before that of the record before it, whatever the clocks say.</summary>
    /// <param name="tenant">Null: the installation's chain.</param>
    /// <param name="last">Null: there is none yet.</param>
    public static AuditRecord Seal(TenantId? tenant, AuditRecord? last, AuditEntry entry)
    {
        entry = entry with { At = last?.Entry.At > entry.At ? last.Entry.At : entry.At, Before = Bound(entry.Before), After = Bound(entry.After) };
        var number = (last?.Number ?? 0) + 1;
        return new AuditRecord(number, entry, HashOf(tenant, last?.Hash ?? default, number, entry));
    }

    /// <summary>True when this is what was sealed behind a record with the number and the hash of <paramref name="before"/>.</summary>
    public bool IsIntact(TenantId? tenant, EventChain before) =>
        Number == before.Number + 1 && Hash.Span.SequenceEqual(HashOf(tenant, before.Hash, Number, Entry));

    private static byte[] HashOf(TenantId? tenant, ReadOnlyMemory<byte> before, long number, AuditEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Put(Format);
        buffer.Put(tenant?.Name);
        buffer.Put(before.Span);
        buffer.Put(number);
        buffer.Put(entry.At);
        buffer.Put(entry.Actor);
        buffer.Put(entry.Via);
        buffer.Put(entry.Action);
        buffer.Put(entry.Target);
        buffer.Put(entry.Result);
        buffer.Put(entry.Before.Span);
        buffer.Put(entry.After.Span);
        buffer.Put(entry.RequestId);
        buffer.Put(entry.Address);
        buffer.Put(entry.Intent ?? 0L);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static Utf8Block Bound(Utf8Block document) => document.Span.Length <= AuditEntry.MaxDocument
        ? document
        : Utf8Block.FromText($$"""{"tooLong":{{document.Span.Length}},"sha256":"{{Convert.ToHexStringLower(SHA256.HashData(document.Span))}}"}""");
}
