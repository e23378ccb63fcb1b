using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Audit;

/// <summary>A place between two records of one audit trail, as strangers see it.</summary>
internal static class AuditCursor
{
    private const int Length = sizeof(long) + sizeof(uint);

    public static string Write(TenantId? tenant, long number)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[sizeof(long)..], Checksum(tenant, bytes[..sizeof(long)]));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads what <see cref="Write"/> wrote for the same trail; false, and no exception, for anything else.</summary>
    public static bool TryRead(TenantId? tenant, string text, out long number)
    {
        Span<byte> bytes = stackalloc byte[Length];
        number = 0;
        if (text.Length != Base64Url.GetEncodedLength(Length)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) is not System.Buffers.OperationStatus.Done
            || length != Length
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(long)..]) != Checksum(tenant, bytes[..sizeof(long)]))
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return number >= 0;
    }

    // No secret: it tells a cursor from a typing error. A forged one reads only what its caller may read anyway.
    private static uint Checksum(TenantId? tenant, ReadOnlySpan<byte> bytes)
    {
        var hash = new XxHash32();
        hash.Append(Encoding.UTF8.GetBytes(tenant?.Name ?? string.Empty));
        hash.Append(bytes);
        return hash.GetCurrentHashAsUInt32();
    }
}
