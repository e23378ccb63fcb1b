using System.Buffers.Binary;
using System.Text;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>The few packets that a device sends, and the frame of what it receives, byte by byte.</summary>
internal static class MqttPackets
{
    public const byte ConnAck = 0x20;
    public const byte Publish = 0x30;
    public const byte PubAck = 0x40;
    public const byte Disconnect = 0xE0;

    private const byte Connect = 0x10;
    private const byte UserNamePasswordCleanStart = 0xC2;
    private const byte QualityOfServiceOne = 0x02;
    private const byte Version5 = 5;

    // The gateway allows at most this; below it a connection that only waits needs no PINGREQ.
    private const ushort KeepAliveSeconds = 1200;

    public static byte[] AConnect(Credential credential, byte version)
    {
        var name = $"{credential.Tenant}:{credential.Device}";
        var body = new List<byte>(128);
        AddText(body, "MQTT");
        body.Add(version);
        body.Add(UserNamePasswordCleanStart);
        AddNumber(body, KeepAliveSeconds);
        AddNoProperties(body, version);
        AddText(body, name);
        AddText(body, name);
        AddText(body, credential.Token);
        return Frame(Connect, body);
    }

    /// <param name="packetId">Where in the packet the two bytes of the packet id are.</param>
    public static byte[] APublish(string topic, byte[] payload, byte version, out int packetId)
    {
        var body = new List<byte>(topic.Length + payload.Length + 5);
        AddText(body, topic);
        packetId = body.Count;
        AddNumber(body, 1);
        AddNoProperties(body, version);
        body.AddRange(payload);
        var packet = Frame(Publish | QualityOfServiceOne, body);
        packetId += packet.Length - body.Count;
        return packet;
    }

    public static byte[] APubAck(ReadOnlySpan<byte> packetId) => [PubAck, 2, packetId[0], packetId[1]];

    public static byte[] ADisconnect() => [Disconnect, 0];

    /// <summary>Takes one packet off the front of <paramref name="received"/>; false while it is not all there.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> received, out byte header, out ReadOnlySpan<byte> body)
    {
        header = 0;
        body = default;
        if (received.Length < 2 || !TryReadLength(received[1..], out var length, out var width) || received.Length < 1 + width + length)
        {
            return false;
        }

        header = received[0];
        body = received.Slice(1 + width, length);
        received = received[(1 + width + length)..];
        return true;
    }

    /// <summary>Splits the body of a PUBLISH.</summary>
    public static void ReadPublish(
        byte header, ReadOnlySpan<byte> body, byte version,
        out ReadOnlySpan<byte> topic, out ReadOnlySpan<byte> packetId, out ReadOnlySpan<byte> payload)
    {
        topic = body.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(body));
        var rest = body[(2 + topic.Length)..];
        packetId = (header & QualityOfServiceOne) != 0 ? rest[..2] : default;
        rest = rest[packetId.Length..];
        if (version == Version5 && TryReadLength(rest, out var properties, out var width))
        {
            rest = rest[(width + properties)..];
        }

        payload = rest;
    }

    private static byte[] Frame(byte header, List<byte> body)
    {
        var packet = new List<byte>(body.Count + 5) { header };
        var left = body.Count;
        do
        {
            packet.Add((byte)(left > 0x7F ? (left & 0x7F) | 0x80 : left));
            left >>= 7;
        }
        while (left > 0);
        packet.AddRange(body);
        return [.. packet];
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length, out int width)
    {
        length = 0;
        for (width = 0; width < 4 && width < bytes.Length; width++)
        {
            length |= (bytes[width] & 0x7F) << (7 * width);
            if (bytes[width] < 0x80)
            {
                width++;
                return true;
            }
        }

        return false;
    }

    private static void AddNoProperties(List<byte> body, byte version)
    {
        if (version == Version5)
        {
            body.Add(0);
        }
    }

    private static void AddText(List<byte> body, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AddNumber(body, (ushort)bytes.Length);
        body.AddRange(bytes);
    }

    private static void AddNumber(List<byte> body, ushort number)
    {
        body.Add((byte)(number >> 8));
        body.Add((byte)number);
    }
}
