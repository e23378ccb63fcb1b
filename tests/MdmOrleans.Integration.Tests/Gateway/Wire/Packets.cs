using System.Buffers.Binary;
using System.Text;

namespace MdmOrleans.Integration.Tests.Gateway.Wire;

/// <summary>MQTT packets as a client writes them; made by hand here, so that they can also be made wrong.</summary>
internal static class Packets
{
    public static byte[] PingReq { get; } = [0xC0, 0];

    public static byte[] Disconnect { get; } = [0xE0, 0];

    public static byte[] Connect(
        int version, string clientId, string? userName = null, string? password = FakeTwin.Token,
        ushort keepAlive = 60, byte flags = 0x02, byte[]? properties = null, byte[]? will = null)
    {
        userName ??= clientId;
        flags |= (byte)((userName.Length > 0 ? 0x80 : 0) | (password is not null ? 0x40 : 0));
        return Packet(0x10,
        [
            .. Text("MQTT"), (byte)version, flags, .. UInt16(keepAlive),
            .. version == 5 ? Properties(properties ?? []) : [],
            .. Text(clientId), .. will ?? [],
            .. userName.Length > 0 ? Text(userName) : [],
            .. password is not null ? Text(password) : [],
        ]);
    }

    public static byte[] Publish(
        int version, string topic, string payload, ushort packetId = 1, int qos = 1, byte flags = 0, byte[]? properties = null) =>
        Publish(version, topic, Encoding.UTF8.GetBytes(payload), packetId, qos, flags, properties);

    public static byte[] Publish(
        int version, string topic, byte[] payload, ushort packetId = 1, int qos = 1, byte flags = 0, byte[]? properties = null) =>
        Packet((byte)(0x30 | (qos << 1) | flags),
        [
            .. Text(topic), .. qos > 0 ? UInt16(packetId) : [], .. version == 5 ? Properties(properties ?? []) : [], .. payload,
        ]);

    public static byte[] PubAck(ushort packetId) => Packet(0x40, UInt16(packetId));

    public static byte[] PubAck(ushort packetId, byte code) => Packet(0x40, [.. UInt16(packetId), code]);

    public static byte[] Subscribe(int version, ushort packetId, params (string Filter, byte Options)[] filters) =>
        Packet(0x82,
        [
            .. UInt16(packetId), .. version == 5 ? Properties([]) : [], .. filters.SelectMany(f => (byte[])[.. Text(f.Filter), f.Options]),
        ]);

    public static byte[] Unsubscribe(int version, ushort packetId, params string[] filters) =>
        Packet(0xA2, [.. UInt16(packetId), .. version == 5 ? Properties([]) : [], .. filters.SelectMany(Text)]);

    public static byte[] Will(int version, string topic, string payload) =>
        [.. version == 5 ? Properties([]) : [], .. Text(topic), .. Text(payload)];

    public static byte[] Packet(byte header, byte[] body) => [header, .. Variable(body.Length), .. body];

    public static byte[] Properties(byte[] properties) => [.. Variable(properties.Length), .. properties];

    public static byte[] Text(string text) => Binary(Encoding.UTF8.GetBytes(text));

    public static byte[] Binary(byte[] bytes) => [.. UInt16((ushort)bytes.Length), .. bytes];

    public static byte[] UInt16(ushort value) => [(byte)(value >> 8), (byte)value];

    public static byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Variable(int value)
    {
        List<byte> bytes = [];
        do
        {
            bytes.Add((byte)((value & 0x7F) | (value > 0x7F ? 0x80 : 0)));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }
}
