using System.Buffers.Binary;
using System.Numerics;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>Finds UTF-8 keys by a span of the JSON that they stand in.</summary>
/// <remarks>The hash need not resist attack: all keys are the policy's, a device only looks them up.</remarks>
internal sealed class Utf8Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private Utf8Comparer()
    {
    }

    public static Utf8Comparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = (ulong)alternate.Length * Multiplier;
        while (alternate.Length >= sizeof(ulong))
        {
            hash = (BitOperations.RotateLeft(hash, 23) ^ BinaryPrimitives.ReadUInt64LittleEndian(alternate)) * Multiplier;
            alternate = alternate[sizeof(ulong)..];
        }

        foreach (var b in alternate)
        {
            hash = (BitOperations.RotateLeft(hash, 7) ^ b) * Multiplier;
        }

        return (int)(hash >> 32);
    }
}
