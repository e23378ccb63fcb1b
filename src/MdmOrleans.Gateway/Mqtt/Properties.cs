namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Identifiers of the properties of MQTT 5.</summary>
internal enum PropertyId : byte
{
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQoS = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

/// <summary>The properties of one packet from a client: those that matter here, and which were there at all.</summary>
internal ref struct Properties
{
    /// <summary>One bit for each identifier: all are below 64.</summary>
    private ulong _seen;

    public ReadOnlySpan<byte> CorrelationData { get; private set; }

    public uint SessionExpiryInterval { get; private set; }

    public uint MaximumPacketSize { get; private set; }

    public ushort ReceiveMaximum { get; private set; }

    public ushort TopicAlias { get; private set; }

    public bool RefusesProblemInformation { get; private set; }

    public readonly bool Has(PropertyId id) => (_seen & (1UL << (byte)id)) != 0;

    /// <summary>Reads the block with its length. What is not in <paramref name="allowed"/> makes the packet malformed.</summary>
    public static Properties Read(scoped ref PacketReader packet, PropertySet allowed)
    {
        var properties = default(Properties);
        var block = new PacketReader(packet.ReadBytes(packet.ReadVariable()));
        while (!block.AtEnd)
        {
            properties.ReadOne(ref block, allowed);
        }

        if (block.Failed)
        {
            packet.Fail(block.Error);
        }

        return properties;
    }

    private void ReadOne(scoped ref PacketReader block, PropertySet allowed)
    {
        var id = block.ReadVariable();
        if (!allowed.Contains(id))
        {
            block.Fail(ReasonCode.MalformedPacket);
            return;
        }

        var bit = 1UL << id;
        if ((_seen & bit) != 0 && (PropertyId)id != PropertyId.UserProperty)
        {
            block.Fail(ReasonCode.ProtocolError);
            return;
        }

        _seen |= bit;
        ReadValue(ref block, (PropertyId)id);
    }

    private void ReadValue(scoped ref PacketReader block, PropertyId id)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator:
            case PropertyId.RequestResponseInformation:
                ReadFlag(ref block);
                break;
            case PropertyId.RequestProblemInformation:
                RefusesProblemInformation = !ReadFlag(ref block);
                break;
            case PropertyId.MessageExpiryInterval:
            case PropertyId.WillDelayInterval:
                block.ReadUInt32();
                break;
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = block.ReadUInt32();
                break;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = NotZero(ref block, block.ReadUInt32());
                break;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = (ushort)NotZero(ref block, block.ReadUInt16());
                break;
            case PropertyId.TopicAliasMaximum:
                block.ReadUInt16();
                break;
            case PropertyId.TopicAlias:
                TopicAlias = block.ReadUInt16();
                break;
            case PropertyId.SubscriptionIdentifier:
                NotZero(ref block, (uint)block.ReadVariable());
                break;
            case PropertyId.CorrelationData:
                CorrelationData = block.ReadBinary();
                break;
            case PropertyId.AuthenticationData:
                block.ReadBinary();
                break;
            case PropertyId.ResponseTopic:
                ReadResponseTopic(ref block);
                break;
            case PropertyId.UserProperty:
                block.ReadText();
                block.ReadText();
                break;
            default: // the sets name no others: content type, reason string, authentication method
                block.ReadText();
                break;
        }
    }

    private static void ReadResponseTopic(ref PacketReader block)
    {
        if (!TopicName.IsValid(block.ReadText()))
        {
            block.Fail(ReasonCode.ProtocolError);
        }
    }

    private static bool ReadFlag(ref PacketReader block)
    {
        var value = block.ReadByte();
        if (value > 1)
        {
            block.Fail(ReasonCode.ProtocolError);
        }

        return value == 1;
    }

    private static uint NotZero(ref PacketReader block, uint value)
    {
        if (value == 0)
        {
            block.Fail(ReasonCode.ProtocolError);
        }

        return value;
    }
}
