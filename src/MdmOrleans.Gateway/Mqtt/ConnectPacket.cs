using System.Text;

namespace MdmOrleans.Gateway.Mqtt;

/// <summary>The last will, as far as it matters: its payload is not trusted and not kept.</summary>
internal readonly record struct Will(string Topic, byte QoS, bool Retain);

/// <summary>A CONNECT that is well-formed. Whether it is welcome is decided elsewhere.</summary>
internal sealed record ConnectPacket
{
    private const string Name = "CONNECT";

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

    public bool WantsProblemInformation { get; init; } = true;

    public bool AsksForAuthenticationMethod { get; init; }

    /// <summary>Whether it asks to keep its session for a while, which it is then told is not done.</summary>
    public bool SetsExpiry { get; init; }

    /// <summary>Reads the protocol name and level alone: what has to be known even of a packet that cannot be read.</summary>
    /// <param name="level">As sent. Only meaningful when the answer is true.</param>
    /// <returns>False when this is no MQTT at all.</returns>
    public static bool TryReadLevel(ReadOnlySpan<byte> body, out byte level)
    {
        var packet = new PacketReader(body, Name);
        var name = packet.ReadBinary("the protocol name");
        level = packet.ReadByte("the protocol level");
        return !packet.Failed && (name.SequenceEqual("MQTT"u8) || (name.SequenceEqual("MQIsdp"u8) && level == 3));
    }

    /// <summary>Null, with the reason, when it is not well-formed.</summary>
    /// <param name="maximumPacketSize">Most bytes in a packet that the client takes: it counts for the refusal of a malformed packet, too.</param>
    public static ConnectPacket? Read(ReadOnlySpan<byte> body, MqttVersion version, out uint maximumPacketSize, out Refusal? error)
    {
        var packet = new PacketReader(body, Name);
        packet.ReadBinary("the protocol name");
        packet.ReadByte("the protocol level");
        var flags = packet.ReadByte("the connect flags");
        if (FindMistake(flags, version) is { } mistake)
        {
            packet.Fail(ReasonCode.MalformedPacket, mistake);
        }

        var keepAlive = packet.ReadUInt16("the keep-alive");
        var properties = version == MqttVersion.V5 ? Properties.Read(ref packet, PropertySet.Connect) : default;
        maximumPacketSize = properties.MaximumPacketSize > 0 ? properties.MaximumPacketSize : uint.MaxValue;
        if (properties.Has(PropertyId.AuthenticationData) && !properties.Has(PropertyId.AuthenticationMethod))
        {
            packet.Fail(ReasonCode.ProtocolError, "CONNECT has Authentication Data without an Authentication Method.");
        }

        var clientId = packet.ReadText("the client id");
        var will = (flags & WillFlag) != 0 ? ReadWill(ref packet, flags, version) : default(Will?);
        var userName = (flags & UserNameFlag) != 0 ? Encoding.UTF8.GetString(packet.ReadText("the user name")) : null;
        var password = (flags & PasswordFlag) != 0 ? packet.ReadBinary("the password").ToArray() : null;
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
            WantsProblemInformation = !properties.RefusesProblemInformation,
            AsksForAuthenticationMethod = properties.Has(PropertyId.AuthenticationMethod),
            SetsExpiry = properties.SessionExpiryInterval != 0,
        };
    }

    private static string? FindMistake(byte flags, MqttVersion version)
    {
        var hasWill = (flags & WillFlag) != 0;
        if ((flags & ReservedFlag) != 0)
        {
            return "The reserved bit of the connect flags is set.";
        }

        if (WillQoS(flags) == 3)
        {
            return "The will asks for QoS 3, which does not exist.";
        }

        if (!hasWill && WillQoS(flags) != 0)
        {
            return "The connect flags have a will QoS and no will.";
        }

        if (!hasWill && (flags & WillRetainFlag) != 0)
        {
            return "The connect flags have will retain and no will.";
        }

        return version != MqttVersion.V5 && (flags & UserNameFlag) == 0 && (flags & PasswordFlag) != 0
            ? "MQTT 3.1.1 has no password without a user name."
            : null;
    }

    private static Will ReadWill(ref PacketReader packet, byte flags, MqttVersion version)
    {
        if (version == MqttVersion.V5)
        {
            Properties.Read(ref packet, PropertySet.Will);
        }

        var topic = packet.ReadText("the will topic");
        if (TopicName.FindMistake(topic) is { } mistake)
        {
            packet.Fail(ReasonCode.MalformedPacket, $"The will topic {mistake}.");
        }

        packet.ReadBinary("the will payload");
        return new Will(Encoding.UTF8.GetString(topic), WillQoS(flags), (flags & WillRetainFlag) != 0);
    }

    private static byte WillQoS(byte flags) => (byte)((flags >> 3) & 0b11);
}
