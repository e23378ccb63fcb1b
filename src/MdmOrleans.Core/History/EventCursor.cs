using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.History;

/// <summary>A place between two events of a tenant. What the numbers mean is the database's own business.</summary>
/// <param name="Transaction">In whose order events become visible; 0 where a database has one writer.</param>
/// <param name="Position">Within it; 0: before its first event.</param>
[GenerateSerializer, Immutable, Alias("mdm.EventCursor")]
public readonly record struct EventCursor([property: Id(0)] ulong Transaction, [property: Id(1)] long Position) : IComparable<EventCursor>
{
    private const byte Format = 1;
    private const int CheckedLength = 1 + sizeof(ulong) + sizeof(long);
    private const int Length = CheckedLength + sizeof(uint);

    public static bool operator <(EventCursor left, EventCursor right) => left.CompareTo(right) < 0;

    public static bool operator >(EventCursor left, EventCursor right) => left.CompareTo(right) > 0;

    public static bool operator <=(EventCursor left, EventCursor right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EventCursor left, EventCursor right) => left.CompareTo(right) >= 0;

    /// <summary>Reads what <see cref="ToText"/> wrote for the same tenant; false, and no exception, for anything else.</summary>
    public static bool TryParse(string? text, TenantId tenant, out EventCursor cursor)
    {
        cursor = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length != Base64Url.GetEncodedLength(Length)
            || Base64Url.DecodeFromChars(text, bytes, out _, out var length) is not OperationStatus.Done
            || length != Length
            || bytes[0] != Format
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[CheckedLength..]) != Checksum(bytes[..CheckedLength], tenant))
        {
            return false;
        }

        cursor = new EventCursor(BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]), BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + sizeof(ulong))..]));
        return true;
    }

    /// <summary>For strangers: letters, digits, hyphens and underscores. Means nothing in another tenant.</summary>
    public string ToText(TenantId tenant)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes[0] = Format;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], Transaction);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + sizeof(ulong))..], Position);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CheckedLength..], Checksum(bytes[..CheckedLength], tenant));
        return Base64Url.EncodeToString(bytes);
    }

    public int CompareTo(EventCursor other) => (Transaction, Position).CompareTo((other.Transaction, other.Position));

    // No secret: it tells a cursor from a typing error, not from a forgery, and a forged one reads only what its tenant may read anyway.
    private static uint Checksum(ReadOnlySpan<byte> bytes, TenantId tenant)
    {
        Span<byte> name = stackalloc byte[64]; // names of tenants are ASCII, at most 63
        var hash = new XxHash64();
        hash.Append(name[..Encoding.UTF8.GetBytes(tenant.Name, name)]);
        hash.Append(bytes);
        return (uint)hash.GetCurrentHashAsUInt64();
    }
}
