using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Session;

namespace MdmOrleans.Server.Hosting.Cluster;

/// <summary>Passes on what the connection of a client says, as long as each message is a request of that client.</summary>
/// <remarks>
/// A connection begins with a greeting, behind its length. Then each message has two lengths, of its header and of its body; the header
/// begins with flags, a number, and the sender.
/// </remarks>
internal sealed class ClientFrames(SerializerSession session)
{
    private const int LengthBytes = sizeof(int);
    private const int MaxGreeting = 1024;

    // The sender stands at the beginning of a header, and is far shorter.
    private const int Prefix = 1024;
    private const int MaxFrame = 256 * 1024 * 1024;

    private const int DirectionShift = 16;
    private const uint DirectionMask = 0xF;
    private const uint Request = 1;
    private const uint OneWay = 3;

    private bool _isGreeted;
    private long _passing;
    private byte[]? _client;

    /// <summary>Copies what can be judged; the rest waits for more.</summary>
    /// <returns>False: the client speaks for somebody else.</returns>
    public bool TryPass(ref ReadOnlySequence<byte> buffer, PipeWriter output)
    {
        while (!buffer.IsEmpty)
        {
            if (_passing > 0)
            {
                var part = buffer.Slice(0, Math.Min(_passing, buffer.Length));
                foreach (var segment in part)
                {
                    output.Write(segment.Span);
                }

                _passing -= part.Length;
                buffer = buffer.Slice(part.End);
                continue;
            }

            var judged = _isGreeted ? JudgeMessage(buffer) : JudgeGreeting(buffer);
            if (judged is not { } length)
            {
                return true; // not all of it is here yet
            }

            if (length < 0)
            {
                return false;
            }

            _passing = length;
        }

        return true;
    }

    /// <returns>The bytes of the frame; null: more is needed; -1: it is refused.</returns>
    private long? JudgeGreeting(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < LengthBytes)
        {
            return null;
        }

        var length = ReadLength(buffer, 0);
        if (length is < 0 or > MaxGreeting)
        {
            return -1;
        }

        if (buffer.Length < LengthBytes + length)
        {
            return null;
        }

        _isGreeted = true;
        return buffer.Slice(LengthBytes, length).ToArray().AsSpan().IndexOf("hosted-"u8) < 0 ? LengthBytes + length : -1;
    }

    private long? JudgeMessage(ReadOnlySequence<byte> buffer)
    {
        if (buffer.Length < 2 * LengthBytes)
        {
            return null;
        }

        var (header, body) = (ReadLength(buffer, 0), ReadLength(buffer, LengthBytes));
        if (header is <= 0 or > MaxFrame || body is < 0 or > MaxFrame)
        {
            return -1;
        }

        var needed = Math.Min(header, Prefix);
        if (buffer.Length < (2 * LengthBytes) + needed)
        {
            return null;
        }

        return IsOwnRequest(buffer.Slice(2 * LengthBytes, needed).ToArray()) ? (2L * LengthBytes) + header + body : -1;
    }

    private bool IsOwnRequest(byte[] header)
    {
        try
        {
            var reader = Reader.Create(header, session);
            var direction = (reader.ReadUInt32() >> DirectionShift) & DirectionMask;
            reader.ReadInt64(); // the number of the message
            var type = IdSpanCodec.ReadRaw(ref reader).AsSpan();
            var key = IdSpanCodec.ReadRaw(ref reader).AsSpan();
            if (direction is not (Request or OneWay) || !type.SequenceEqual("sys.client"u8) || key.StartsWith("hosted-"u8))
            {
                return false;
            }

            _client ??= key.ToArray(); // a connection is one client's
            return key.SequenceEqual(_client);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return false; // it ends before the sender does
        }
    }

    private static int ReadLength(ReadOnlySequence<byte> buffer, int at)
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        buffer.Slice(at, LengthBytes).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
