using System.Buffers;

namespace MdmOrleans.Gateway.Mqtt;

internal enum FrameStatus
{
    Incomplete,
    Complete,

    /// <summary>It can never be read: the refusal says why.</summary>
    Refused,
}

/// <summary>One packet as it came: its first byte, and what follows the length. Valid until the reader advances.</summary>
/// <param name="IsPadded">The length has more bytes than it needs: MQTT 5 calls that malformed, 3.1.1 does not.</param>
internal readonly record struct Frame(byte Header, ReadOnlySequence<byte> Body, bool IsPadded)
{
    public PacketType Type => (PacketType)(Header >> 4);
}

/// <summary>Cuts packets out of a byte stream. It allocates nothing, whatever the length field says.</summary>
internal static class FrameReader
{
    private const int LengthBytes = 4;

    public static Refusal PaddedLength { get; } =
        new(ReasonCode.MalformedPacket, "The Remaining Length has more bytes than it needs.");

    private static Refusal EndlessLength { get; } = new(ReasonCode.MalformedPacket, "The Remaining Length has more than four bytes.");

    private static Refusal ReservedType { get; } = new(ReasonCode.MalformedPacket, "The packet type 0 is reserved.");

    private static Refusal QoS3 { get; } = new(ReasonCode.MalformedPacket, "PUBLISH has QoS 3, which does not exist.");

    /// <summary>Takes the first packet off <paramref name="buffer"/>, which is untouched unless the answer is Complete.</summary>
    /// <param name="limit">Most bytes of a packet in all, header included.</param>
    /// <param name="refusal">Set when the answer is Refused, and only then.</param>
    public static FrameStatus TryRead(ref ReadOnlySequence<byte> buffer, int limit, out Frame frame, out Refusal? refusal)
    {
        var head = buffer.FirstSpan;
        if (head.Length <= LengthBytes && buffer.Length > head.Length)
        {
            Span<byte> copy = stackalloc byte[1 + LengthBytes];
            var start = buffer.Slice(0, Math.Min(copy.Length, buffer.Length));
            start.CopyTo(copy);
            return TryRead(ref buffer, copy[..(int)start.Length], limit, out frame, out refusal);
        }

        return TryRead(ref buffer, head, limit, out frame, out refusal);
    }

    private static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> head, int limit, out Frame frame, out Refusal? refusal)
    {
        frame = default;
        refusal = null;
        if (head.IsEmpty)
        {
            return FrameStatus.Incomplete;
        }

        refusal = FindMistake(head[0]);
        if (refusal is not null)
        {
            return FrameStatus.Refused;
        }

        var status = TryReadLength(head[1..], out var length, out var lengthBytes);
        if (status != FrameStatus.Complete)
        {
            refusal = status == FrameStatus.Refused ? EndlessLength : null;
            return status;
        }

        var total = 1 + lengthBytes + length;
        if (total > limit)
        {
            refusal = new Refusal(ReasonCode.PacketTooLarge, $"The packet has {total} bytes; at most {limit} are taken.");
            return FrameStatus.Refused;
        }

        if (buffer.Length < total)
        {
            return FrameStatus.Incomplete;
        }

        frame = new Frame(head[0], buffer.Slice(1 + lengthBytes, length), IsPadded: lengthBytes > 1 && head[lengthBytes] == 0);
        buffer = buffer.Slice(total);
        return FrameStatus.Complete;
    }

    private static FrameStatus TryReadLength(ReadOnlySpan<byte> bytes, out int length, out int count)
    {
        length = 0;
        for (count = 0; count < LengthBytes; count++)
        {
            if (count == bytes.Length)
            {
                return FrameStatus.Incomplete;
            }

            var current = bytes[count];
            length |= (current & 0x7F) << (7 * count);
            if ((current & 0x80) == 0)
            {
                count++;
                return FrameStatus.Complete;
            }
        }

        return FrameStatus.Refused; // the fourth byte asks for a fifth, and there is none
    }

    private static Refusal? FindMistake(byte header)
    {
        var type = (PacketType)(header >> 4);
        switch (type)
        {
            case 0:
                return ReservedType;
            case PacketType.Publish:
                return (header & 0b0110) == 0b0110 ? QoS3 : null;
            default:
                var expected = type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;
                return (header & 0x0F) == expected
                    ? null
                    : new Refusal(ReasonCode.MalformedPacket, $"{type.ToText()} has the flags {header & 0x0F}; they must be {expected}.");
        }
    }
}
