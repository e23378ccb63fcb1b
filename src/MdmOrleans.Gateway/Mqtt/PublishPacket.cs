namespace MdmOrleans.Gateway.Mqtt;

/// <summary>A PUBLISH from a client, as slices of the bytes in which it came.</summary>
internal readonly ref struct PublishPacket
{
    private const byte RetainFlag = 0x01;

    /// <summary>0 to 2.</summary>
    public byte QoS { get; private init; }

    public bool Retain { get; private init; }

    /// <summary>0 where <see cref="QoS"/> is 0, and never 0 elsewhere.</summary>
    public ushort PacketId { get; private init; }

    /// <summary>Empty where <see cref="TopicAlias"/> stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; private init; }

    /// <summary>Null where there was none; 0 is a value that a client can send, and may not.</summary>
    public ushort? TopicAlias { get; private init; }

    public bool HasCorrelationData { get; private init; }

    public ReadOnlySpan<byte> CorrelationData { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Of the whole body, in bytes.</summary>
    public int Size { get; private init; }

    /// <summary>Null, or why the packet cannot be used.</summary>
    public static Refusal? Read(byte header, ReadOnlySpan<byte> body, MqttVersion version, out PublishPacket publish)
    {
        var packet = new PacketReader(body, "PUBLISH");
        var qos = (byte)((header >> 1) & 0b11);
        if (qos == 0 && (header & 0b1000) != 0)
        {
            packet.Fail(ReasonCode.MalformedPacket, "PUBLISH with QoS 0 has DUP set; only what is acknowledged can be sent again.");
        }

        var topic = packet.ReadText("the topic");
        var packetId = qos == 0 ? (ushort)0 : packet.ReadUInt16("the packet id");
        if (qos > 0 && packetId == 0)
        {
            packet.Fail(ReasonCode.ProtocolError, "PUBLISH has the packet id 0.");
        }

        var properties = version == MqttVersion.V5 ? Properties.Read(ref packet, PropertySet.Publish) : default;
        var aliased = properties.Has(PropertyId.TopicAlias);
        if (properties.Has(PropertyId.SubscriptionIdentifier))
        {
            packet.Fail(ReasonCode.ProtocolError, "A client does not send a Subscription Identifier in PUBLISH.");
        }

        if (topic.IsEmpty && version == MqttVersion.V5 && !aliased)
        {
            packet.Fail(ReasonCode.ProtocolError, "PUBLISH has neither a topic nor a topic alias.");
        }

        if (!(topic.IsEmpty && aliased) && TopicName.FindMistake(topic) is { } mistake)
        {
            packet.Fail(ReasonCode.MalformedPacket, $"The topic {mistake}.");
        }

        publish = new PublishPacket
        {
            QoS = qos,
            Retain = (header & RetainFlag) != 0,
            PacketId = packetId,
            Topic = topic,
            TopicAlias = aliased ? properties.TopicAlias : null,
            HasCorrelationData = properties.Has(PropertyId.CorrelationData),
            CorrelationData = properties.CorrelationData,
            Payload = packet.ReadToEnd(),
            Size = body.Length,
        };
        return packet.Error;
    }
}
