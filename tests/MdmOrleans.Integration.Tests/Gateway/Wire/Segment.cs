using System.Buffers;

namespace MdmOrleans.Integration.Tests.Gateway.Wire;

/// <summary>A sequence in pieces, as a pipe hands it over.</summary>
internal sealed class Segment : ReadOnlySequenceSegment<byte>
{
    private Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

    /// <summary>One piece of <paramref name="first"/> bytes, which may be none, and then pieces of <paramref name="size"/>.</summary>
    public static ReadOnlySequence<byte> Cut(byte[] bytes, int first, int size)
    {
        var head = new Segment(bytes.AsMemory(0, first), 0);
        var tail = head;
        for (var at = first; at < bytes.Length; at += size)
        {
            var next = new Segment(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), at);
            tail.Next = next;
            tail = next;
        }

        return new ReadOnlySequence<byte>(head, 0, tail, tail.Memory.Length);
    }
}
