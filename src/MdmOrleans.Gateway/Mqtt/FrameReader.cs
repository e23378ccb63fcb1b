using System.Buffers;

namespace MdmOrleans.Gateway.Mqtt;

internal enum FrameStatus
{
    Incomplete,
    Complete,
    Malformed,
    TooLarge,
}

/// <summary>One packet as it came: its first byte, and what follows the length. Valid until the reader advances.</summary>
internal readonly record struct Frame(byte Header, ReadOnlySequence<byte> Body)
{
    public PacketType Type => (PacketType)(Header >> 4);
}

/// <summary>Cuts packets out of a byte stream. It allocates nothing, whatever the length field says.</summary>
internal static class FrameReader
{
    private const int LengthBytes = 4;

    /// <summary>Takes the first packet off <paramref name="buffer"/>, which is untouched unless the answer is Complete.</summary>
    /// <param name="limit">Most bytes of a packet in all, header included.</param>
    /// <param name="minimal">Whether a length that was padded is malformed: MQTT 5 says so, 3.1.1 does not.</param>
    public static FrameStatus TryRead(ref ReadOnlySequence<byte> buffer, int limit, bool minimal, out Frame frame)
    {
        frame = default;
        var head = buffer.FirstSpan;
        if (head.Length <= LengthBytes && buffer.Length > head.Length)
        {
            Span<byte> copy = stackalloc byte[1 + LengthBytes];
            var start = buffer.Slice(0, Math.Min(copy.Length, buffer.Length));
            start.CopyTo(copy);
            return TryRead(ref buffer, copy[..(int)start.Length], limit, minimal, out frame);
        }

        return TryRead(ref buffer, head, limit, minimal, out frame);
    }

    private static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> head, int limit, bool minimal, out Frame frame)
    {
        frame = default;
        if (head.IsEmpty)
        {
            return FrameStatus.Incomplete;
        }

        if (!AreFlagsValid(head[0]))
        {
            return FrameStatus.Malformed;
        }

        var status = TryReadLength(head[1..], minimal, out var length, out var lengthBytes);
        if (status != FrameStatus.Complete)
        {
            return status;
        }

        var total = 1 + lengthBytes + length;
        if (total > limit)
        {
            return FrameStatus.TooLarge;
        }

        if (buffer.Length < total)
        {
            return FrameStatus.Incomplete;
        }

        frame = new Frame(head[0], buffer.Slice(1 + lengthBytes, length));
        buffer = buffer.Slice(total);
        return FrameStatus.Complete;
    }

    private static FrameStatus TryReadLength(ReadOnlySpan<byte> bytes, bool minimal, out int length, out int count)
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
                var padded = current == 0 && count > 0;
                count++;
                return padded && minimal ? FrameStatus.Malformed : FrameStatus.Complete;
            }
        }

        return FrameStatus.Malformed; // the fourth byte asks for a fifth, and there is none
    }

    private static bool AreFlagsValid(byte header) => (PacketType)(header >> 4) switch
    {
        0 => false,
        PacketType.Publish => (header & 0b0110) != 0b0110, // QoS 3
        PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => (header & 0x0F) == 0b0010,
        _ => (header & 0x0F) == 0,
    };
}
