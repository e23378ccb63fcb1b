using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MdmOrleans.Core.Access;

/// <summary>One network that somebody has, for limits by address: an IPv4 address, or the first 64 bits of an IPv6 address, since whoever has one such address has all of them.</summary>
public readonly record struct AddressOrigin(AddressFamily Family, ulong Network)
{
    /// <param name="address">Null: nobody knows where it came from, and all of those share one origin.</param>
    public static AddressOrigin Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        plain.TryWriteBytes(bytes, out _);
        return new AddressOrigin(plain.AddressFamily, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
