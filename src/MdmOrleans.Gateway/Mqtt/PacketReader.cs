using System.Buffers.Binary;
using System.Text.Unicode;

namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Reads the fields of one packet. The first failure sticks, and everything read after it is empty.</summary>
/// <remarks>
/// Look at <see cref="Error"/> once, at the end: no field of a packet is used before that. The names of fields are only for sentences;
/// a packet that is well-formed costs none.
/// </remarks>
/// <param name="name">What is read, as a sentence names it: <c>CONNECT</c>.</param>
internal ref struct PacketReader(ReadOnlySpan<byte> body, string name)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Null as long as nothing failed.</summary>
    public Refusal? Error { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly bool Failed => Error is not null;

    public void Fail(ReasonCode code, string sentence) => Fail(new Refusal(code, sentence));

    public void Fail(Refusal refusal)
    {
        Error ??= refusal;
        _rest = default;
    }

    public byte ReadByte(string field)
    {
        var bytes = ReadBytes(1, field);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    public ushort ReadUInt16(string field)
    {
        var bytes = ReadBytes(sizeof(ushort), field);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public uint ReadUInt32(string field)
    {
        var bytes = ReadBytes(sizeof(uint), field);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A variable byte integer: at most four bytes, and no more of them than the value needs.</summary>
    public int ReadVariable(string field)
    {
        var value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var current = ReadByte(field);
            value |= (current & 0x7F) << shift;
            if ((current & 0x80) != 0)
            {
                continue;
            }

            if (current != 0 || shift == 0)
            {
                return value;
            }

            Fail(ReasonCode.MalformedPacket, $"In {name}, {field} has more bytes than it needs.");
            return 0;
        }

        Fail(ReasonCode.MalformedPacket, $"In {name}, {field} has more than four bytes.");
        return 0;
    }

    /// <summary>Bytes behind a length of two bytes.</summary>
    public ReadOnlySpan<byte> ReadBinary(string field) => ReadBytes(ReadUInt16(field), field);

    /// <summary>A string of MQTT: well-formed UTF-8 without U+0000. Refusing one is what the standard wants.</summary>
    public ReadOnlySpan<byte> ReadText(string field)
    {
        var text = ReadBinary(field);
        if (!Utf8.IsValid(text))
        {
            Fail(ReasonCode.MalformedPacket, $"In {name}, {field} is not valid UTF-8.");
            return default;
        }

        if (text.Contains((byte)0))
        {
            Fail(ReasonCode.MalformedPacket, $"In {name}, {field} contains U+0000.");
            return default;
        }

        return text;
    }

    public ReadOnlySpan<byte> ReadToEnd() => ReadBytes(_rest.Length, string.Empty);

    /// <summary>Empty, and failed, where the packet has fewer bytes left.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count, string field)
    {
        if (count > _rest.Length)
        {
            Fail(ReasonCode.MalformedPacket, $"{char.ToUpperInvariant(name[0])}{name[1..]} ends within {field}.");
            return default;
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    /// <summary>Bytes after the last field make a packet malformed.</summary>
    public void ExpectEnd()
    {
        if (!_rest.IsEmpty)
        {
            Fail(ReasonCode.MalformedPacket, $"{name} has bytes after its last field.");
        }
    }
}
