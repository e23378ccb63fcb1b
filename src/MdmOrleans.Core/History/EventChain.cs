using System.Buffers;
using System.Security.Cryptography;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.History;

/// <summary>Where the chain of a device's events ends.</summary>
[GenerateSerializer, Immutable, Alias("mdm.EventChain")]
public sealed record EventChain([property: Id(0)] long Number, [property: Id(1)] ReadOnlyMemory<byte> Hash)
{
    /// <summary>Hash version 1: the hash does not cover whose event it is. Old events verify; no new one is sealed so.</summary>
    public const int WithoutDevice = 1;

    /// <summary>Hash version 2: the hash covers the device, so that no event passes for another device's.</summary>
    public const int WithDevice = 2;

    // Where version 1 has the length of the hash before it, which is never negative.
    private const long VersionMark = -WithDevice;

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
    /// their length, so that no two events share an encoding. A format never changes: another one gets another version.
    /// </remarks>
    public static DeviceEvent Seal(DeviceId device, EventChain before, DeviceEvent entry) =>
        entry with { Hash = HashOf(WithDevice, device, before.Hash.Span, entry), HashVersion = WithDevice };

    /// <summary>True when <paramref name="entry"/> is what was sealed behind <paramref name="before"/>.</summary>
    public static bool IsIntact(DeviceId device, EventChain before, DeviceEvent entry) =>
        entry.HashVersion is WithoutDevice or WithDevice
        && entry.Number == before.Number + 1
        && entry.Hash.Span.SequenceEqual(HashOf(entry.HashVersion, device, before.Hash.Span, entry));

    public bool Equals(EventChain? other) => other is not null && Number == other.Number && Hash.Span.SequenceEqual(other.Hash.Span);

    public override int GetHashCode() => Number.GetHashCode();

    private static byte[] HashOf(int version, DeviceId device, ReadOnlySpan<byte> before, DeviceEvent entry)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(1024);
        buffer.ResetWrittenCount();
        if (version == WithDevice)
        {
            buffer.Put(VersionMark);
            buffer.Put(device.Tenant.Name);
            buffer.Put(device.Name);
        }

        buffer.Put(before);
        buffer.Put(entry.Number);
        buffer.Put(entry.At);
        buffer.Put(entry.RecordedAt);
        buffer.Put(entry.Kind);
        buffer.Put(entry.Actor);
        buffer.Put(entry.Reason);
        buffer.Put(entry.From);
        buffer.Put(entry.To);
        buffer.Put(entry.Policy?.Id);
        buffer.Put(entry.Policy?.Version ?? 0L);
        buffer.Put((long)entry.Epoch);
        buffer.Put(entry.Detail.Span);
        return SHA256.HashData(buffer.WrittenSpan);
    }
}
