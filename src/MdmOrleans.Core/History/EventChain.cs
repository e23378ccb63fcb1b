using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MdmOrleans.Core.History;

/// <summary>Where the chain of a device's events ends.</summary>
[GenerateSerializer, Immutable, Alias("mdm.EventChain")]
public sealed record EventChain([property: Id(0)] long Number, [property: Id(1)] ReadOnlyMemory<byte> Hash)
{
    // What is hashed is put together here, one for each thread, and forgotten.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>When the newest event was recorded; null where a version that did not keep it wrote the twin, and before the first event.</summary>
    [Id(2)]
    public DateTimeOffset? RecordedAt { get; init; }

    public static EventChain Empty { get; } = new(0, ReadOnlyMemory<byte>.Empty);

    /// <summary>The event with its hash: SHA-256 over the hash before it and each member in order.</summary>
    /// <remarks>
    /// Instants count in milliseconds, so that no database's precision can break a chain; texts and blocks are preceded by
    /// their length, so that no two events share an encoding. The format never changes: a new member is appended only when it is set.
    /// </remarks>
    public static DeviceEvent Seal(EventChain before, DeviceEvent entry) => entry with { Hash = HashOf(before.Hash.Span, entry) };

    /// <summary>True when <paramref name="entry"/> is what was sealed behind <paramref name="before"/>.</summary>
    public static bool IsIntact(EventChain before, DeviceEvent entry) =>
        entry.Number == before.Number + 1 && entry.Hash.Span.SequenceEqual(HashOf(before.Hash.Span, entry));

    public bool Equals(EventChain? other) => other is not null && Number == other.Number && Hash.Span.SequenceEqual(other.Hash.Span);

    public override int GetHashCode() => Number.GetHashCode();

    private static byte[] HashOf(ReadOnlySpan<byte> before, DeviceEvent entry)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        Write(buffer, before);
        Write(buffer, entry.Number);
        Write(buffer, entry.At.ToUnixTimeMilliseconds());
        Write(buffer, entry.RecordedAt.ToUnixTimeMilliseconds());
        Write(buffer, entry.Kind);
        Write(buffer, entry.Actor);
        Write(buffer, entry.Reason);
        Write(buffer, entry.From);
        Write(buffer, entry.To);
        Write(buffer, entry.Policy?.Id);
        Write(buffer, entry.Policy?.Version ?? 0L);
        Write(buffer, (long)entry.Epoch);
        Write(buffer, entry.Detail.Span);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void Write(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(sizeof(long)), value);
        buffer.Advance(sizeof(long));
    }

    private static void Write(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        Write(buffer, (long)bytes.Length);
        buffer.Write(bytes);
    }

    // A missing text is told apart from an empty one.
    private static void Write(ArrayBufferWriter<byte> buffer, string? text)
    {
        if (text is null)
        {
            Write(buffer, -1L);
            return;
        }

        Write(buffer, (long)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, buffer);
    }
}
