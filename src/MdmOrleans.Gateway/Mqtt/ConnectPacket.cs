using System.Text;

namespace MdmOrleans.Gateway.Mqtt;

/// <summary>The last will, as far as it matters: its payload is not trusted and not kept.</summary>
internal readonly record struct Will(string Topic, byte QoS, bool Retain);

/// <summary>A CONNECT that is well-formed. Whether it is welcome is decided elsewhere.</summary>
internal sealed record ConnectPacket
{
    private const byte ReservedFlag = 0x01;
    private const byte WillFlag = 0x04;
    private const byte WillRetainFlag = 0x20;
    private const byte PasswordFlag = 0x40;
    private const byte UserNameFlag = 0x80;

    public required MqttVersion Version { get; init; }

    /// <summary>In seconds; 0 asks for none.</summary>
    public required ushort KeepAlive { get; init; }

    public required string ClientId { get; init; }

    public string? UserName { get; init; }

    /// <summary>Null where there was none. Not a string, and not printed.</summary>
    public byte[]? Password { get; init; }

    public Will? Will { get; init; }

    /// <summary>How many QoS 1 messages the client takes without acknowledging them.</summary>
    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>Most bytes in a packet that the client takes.</summary>
    public uint MaximumPacketSize { get; init; } = uint.MaxValue;

    public bool WantsProblemInformation { get; init; } = true;

    public bool AsksForAuthenticationMethod { get; init; }

    /// <summary>Whether it asks to keep its session for a while, which it is then told is not done.</summary>
    public bool SetsExpiry { get; init; }

    /// <summary>Reads the protocol name and level alone: what has to be known even of a packet that cannot be read.</summary>
    /// <param name="level">As sent. Only meaningful when the answer is true.</param>
    /// <returns>False when this is no MQTT at all.</returns>
    public static bool TryReadLevel(ReadOnlySpan<byte> body, out byte level)
    {
        var packet = new PacketReader(body);
        var name = packet.ReadBinary();
        level = packet.ReadByte();
        return !packet.Failed && (name.SequenceEqual("MQTT"u8) || (name.SequenceEqual("MQIsdp"u8) && level == 3));
    }

    /// <summary>Null, with the reason, when it is not well-formed.</summary>
    public static ConnectPacket? Read(ReadOnlySpan<byte> body, MqttVersion version, out ReasonCode error)
    {
        var packet = new PacketReader(body);
        packet.ReadBinary();
        packet.ReadByte();
        var flags = packet.ReadByte();
        if (!AreFlagsValid(flags, version))
        {
            packet.Fail(ReasonCode.MalformedPacket);
        }

        var keepAlive = packet.ReadUInt16();
        var properties = version == MqttVersion.V5 ? Properties.Read(ref packet, PropertySet.Connect) : default;
        if (properties.Has(PropertyId.AuthenticationData) && !properties.Has(PropertyId.AuthenticationMethod))
        {
            packet.Fail(ReasonCode.ProtocolError);
        }

        var clientId = packet.ReadText();
        var will = (flags & WillFlag) != 0 ? ReadWill(ref packet, flags, version) : default(Will?);
        var userName = (flags & UserNameFlag) != 0 ? Encoding.UTF8.GetString(packet.ReadText()) : null;
        var password = (flags & PasswordFlag) != 0 ? packet.ReadBinary().ToArray() : null;
        packet.ExpectEnd();
        error = packet.Error;
        return packet.Failed ? null : new ConnectPacket
        {
            Version = version,
            KeepAlive = keepAlive,
            ClientId = Encoding.UTF8.GetString(clientId),
            UserName = userName,
            Password = password,
            Will = will,
            ReceiveMaximum = properties.Has(PropertyId.ReceiveMaximum) ? properties.ReceiveMaximum : ushort.MaxValue,
            MaximumPacketSize = properties.Has(PropertyId.MaximumPacketSize) ? properties.MaximumPacketSize : uint.MaxValue,
            WantsProblemInformation = !properties.RefusesProblemInformation,
            AsksForAuthenticationMethod = properties.Has(PropertyId.AuthenticationMethod),
            SetsExpiry = properties.SessionExpiryInterval != 0,
        };
    }

    private static bool AreFlagsValid(byte flags, MqttVersion version)
    {
        var willQoS = WillQoS(flags);
        var will = (flags & WillFlag) != 0;
        return (flags & ReservedFlag) == 0
            && willQoS < 3
            && (will || (willQoS == 0 && (flags & WillRetainFlag) == 0))
            && (version == MqttVersion.V5 || (flags & UserNameFlag) != 0 || (flags & PasswordFlag) == 0);
    }

    private static Will ReadWill(ref PacketReader packet, byte flags, MqttVersion version)
    {
        if (version == MqttVersion.V5)
        {
            Properties.Read(ref packet, PropertySet.Will);
        }

        var topic = packet.ReadText();
        if (!TopicName.IsValid(topic))
        {
            packet.Fail(ReasonCode.MalformedPacket);
        }

        packet.ReadBinary();
        return new Will(Encoding.UTF8.GetString(topic), WillQoS(flags), (flags & WillRetainFlag) != 0);
    }

    private static byte WillQoS(byte flags) => (byte)((flags >> 3) & 0b11);
}
