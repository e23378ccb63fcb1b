using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Writes what the endpoint sends. The caller has made sure that the packet fits what the client takes.</summary>
internal static class PacketWriter
{
    /// <summary>More than a PUBACK, SUBACK, UNSUBACK or DISCONNECT has besides its properties and codes.</summary>
    public const int AckOverhead = 12;

    /// <summary>More than a PUBLISH has besides its topic, properties and payload.</summary>
    public const int PublishOverhead = 16;

    private const int PubAckSize = 4;
    private const int MaximumTextBytes = 1024;

    public static void PingResp(IBufferWriter<byte> output) => Bytes(output, (byte)PacketType.PingResp << 4, 0);

    /// <summary>CONNACK of MQTT 3.1.1.</summary>
    public static void ConnAck(IBufferWriter<byte> output, byte returnCode) =>
        Bytes(output, (byte)PacketType.ConnAck << 4, 2, 0, returnCode);

    /// <summary>CONNACK of MQTT 5 with <paramref name="properties"/> as a block of their own.</summary>
    public static void ConnAck(IBufferWriter<byte> output, ReasonCode code, ReadOnlySpan<byte> properties)
    {
        Header(output, PacketType.ConnAck, 0, 2 + VariableSize(properties.Length) + properties.Length);
        Bytes(output, 0, (byte)code);
        Variable(output, properties.Length);
        output.Write(properties);
    }

    /// <summary>How many bytes a CONNACK of MQTT 5 has in all, with so many bytes of properties.</summary>
    public static int ConnAckSize(int propertiesLength)
    {
        var body = 2 + VariableSize(propertiesLength) + propertiesLength;
        return 1 + VariableSize(body) + body;
    }

    /// <summary>PUBACK, in MQTT 5 with its code where that is not success, and with <paramref name="properties"/> where there are any.</summary>
    public static void PubAck(IBufferWriter<byte> output, ushort packetId, ReasonCode code, ReadOnlySpan<byte> properties)
    {
        var span = output.GetSpan(PubAckSize);
        span[0] = (byte)PacketType.PubAck << 4;
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], packetId);
        if (code == ReasonCode.Success && properties.IsEmpty)
        {
            span[1] = 2;
            output.Advance(PubAckSize);
            return;
        }

        Header(output, PacketType.PubAck, 0, 3 + VariableSize(properties.Length) + properties.Length);
        UInt16(output, packetId);
        Bytes(output, (byte)code);
        Variable(output, properties.Length);
        output.Write(properties);
    }

    /// <summary>SUBACK, or in MQTT 5 UNSUBACK, with one code for each filter; in MQTT 5 with <paramref name="properties"/>.</summary>
    public static void FilterAck(
        IBufferWriter<byte> output, PacketType type, MqttVersion version, ushort packetId, ReadOnlySpan<byte> properties, ReadOnlySpan<byte> codes)
    {
        var propertiesSize = version == MqttVersion.V5 ? VariableSize(properties.Length) + properties.Length : 0;
        Header(output, type, 0, 2 + propertiesSize + codes.Length);
        UInt16(output, packetId);
        if (version == MqttVersion.V5)
        {
            Variable(output, properties.Length);
            output.Write(properties);
        }

        output.Write(codes);
    }

    /// <summary>DISCONNECT of MQTT 5; 3.1.1 has none from a server.</summary>
    public static void Disconnect(IBufferWriter<byte> output, ReasonCode code, ReadOnlySpan<byte> properties)
    {
        Header(output, PacketType.Disconnect, 0, 1 + VariableSize(properties.Length) + properties.Length);
        Bytes(output, (byte)code);
        Variable(output, properties.Length);
        output.Write(properties);
    }

    public static void Publish(
        IBufferWriter<byte> output, MqttVersion version, ReadOnlySpan<byte> topic, byte qos, ushort packetId,
        ReadOnlySpan<byte> properties, ReadOnlySpan<byte> payload)
    {
        var propertiesSize = version == MqttVersion.V5 ? VariableSize(properties.Length) + properties.Length : 0;
        Header(output, PacketType.Publish, (byte)(qos << 1), 2 + topic.Length + (qos > 0 ? 2 : 0) + propertiesSize + payload.Length);
        UInt16(output, (ushort)topic.Length);
        output.Write(topic);
        if (qos > 0)
        {
            UInt16(output, packetId);
        }

        if (version == MqttVersion.V5)
        {
            Variable(output, properties.Length);
            output.Write(properties);
        }

        output.Write(payload);
    }

    public static void Flag(IBufferWriter<byte> properties, PropertyId id, byte value) => Bytes(properties, (byte)id, value);

    public static void UInt16(IBufferWriter<byte> properties, PropertyId id, ushort value)
    {
        Bytes(properties, (byte)id);
        UInt16(properties, value);
    }

    public static void UInt32(IBufferWriter<byte> properties, PropertyId id, uint value)
    {
        var span = properties.GetSpan(5);
        span[0] = (byte)id;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        properties.Advance(5);
    }

    public static void Text(IBufferWriter<byte> properties, PropertyId id, string text)
    {
        Bytes(properties, (byte)id);
        Text(properties, text);
    }

    public static void UserProperty(IBufferWriter<byte> properties, string name, string value)
    {
        Bytes(properties, (byte)PropertyId.UserProperty);
        Text(properties, name);
        Text(properties, value);
    }

    public static void Binary(IBufferWriter<byte> properties, PropertyId id, ReadOnlySpan<byte> value)
    {
        Bytes(properties, (byte)id);
        UInt16(properties, (ushort)value.Length);
        properties.Write(value);
    }

    private static void Bytes(IBufferWriter<byte> output, params ReadOnlySpan<byte> bytes) => output.Write(bytes);

    private static void Text(IBufferWriter<byte> output, string text)
    {
        var span = output.GetSpan(2 + MaximumTextBytes);
        Utf8.FromUtf16(text, span.Slice(2, MaximumTextBytes), out _, out var length); // as much as fits
        BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)length);
        output.Advance(2 + length);
    }

    private static void Header(IBufferWriter<byte> output, PacketType type, byte flags, int bodyLength)
    {
        Bytes(output, (byte)(((byte)type << 4) | flags));
        Variable(output, bodyLength);
    }

    private static void UInt16(IBufferWriter<byte> output, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(sizeof(ushort)), value);
        output.Advance(sizeof(ushort));
    }

    private static int VariableSize(int value) => value switch
    {
        < 1 << 7 => 1,
        < 1 << 14 => 2,
        < 1 << 21 => 3,
        _ => 4,
    };

    private static void Variable(IBufferWriter<byte> output, int value)
    {
        var span = output.GetSpan(4);
        var count = 0;
        do
        {
            span[count++] = (byte)((value & 0x7F) | (value > 0x7F ? 0x80 : 0));
            value >>= 7;
        }
        while (value > 0);
        output.Advance(count);
    }
}
