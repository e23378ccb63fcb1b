using System.Buffers.Binary;
using System.Text.Unicode;

namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Reads the fields of one packet. The first failure sticks, and everything read after it is empty.</summary>
/// <remarks>Look at <see cref="Error"/> once, at the end: no field of a packet is used before that.</remarks>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Success as long as nothing failed.</summary>
    public ReasonCode Error { get; private set; } = ReasonCode.Success;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly bool Failed => Error != ReasonCode.Success;

    public void Fail(ReasonCode code)
    {
        Error = Failed ? Error : code;
        _rest = default;
    }

    public byte ReadByte()
    {
        var bytes = ReadBytes(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    public ushort ReadUInt16()
    {
        var bytes = ReadBytes(sizeof(ushort));
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public uint ReadUInt32()
    {
        var bytes = ReadBytes(sizeof(uint));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>A variable byte integer: at most four bytes, and no more of them than the value needs.</summary>
    public int ReadVariable()
    {
        var value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var current = ReadByte();
            value |= (current & 0x7F) << shift;
            if ((current & 0x80) == 0)
            {
                if (current == 0 && shift > 0)
                {
                    break;
                }

                return value;
            }
        }

        Fail(ReasonCode.MalformedPacket);
        return 0;
    }

    /// <summary>Bytes behind a length of two bytes.</summary>
    public ReadOnlySpan<byte> ReadBinary() => ReadBytes(ReadUInt16());

    /// <summary>A string of MQTT: well-formed UTF-8 without U+0000. Refusing one is what the standard wants.</summary>
    public ReadOnlySpan<byte> ReadText()
    {
        var text = ReadBinary();
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
        {
            Fail(ReasonCode.MalformedPacket);
            return default;
        }

        return text;
    }

    public ReadOnlySpan<byte> ReadToEnd() => ReadBytes(_rest.Length);

    /// <summary>Empty, and failed, where the packet has fewer bytes left.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (count > _rest.Length)
        {
            Fail(ReasonCode.MalformedPacket);
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
            Fail(ReasonCode.MalformedPacket);
        }
    }
}
