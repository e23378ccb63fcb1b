namespace MdmOrleans.Gateway.Mqtt;

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
        var block = new PacketReader(packet.ReadBytes(packet.ReadVariable("the property length"), "the properties"), allowed.Name);
        while (!block.AtEnd)
        {
            properties.ReadOne(ref block, allowed);
        }

        if (block.Error is { } refusal)
        {
            packet.Fail(refusal);
        }

        return properties;
    }

    private void ReadOne(scoped ref PacketReader block, PropertySet allowed)
    {
        var id = block.ReadVariable("a property identifier");
        if (block.Failed)
        {
            return;
        }

        var name = id <= byte.MaxValue ? ((PropertyId)id).ToText() : null;
        if (name is null || !allowed.Contains(id))
        {
            block.Fail(
                ReasonCode.MalformedPacket,
                name is null ? $"MQTT has no property 0x{id:X2}." : $"{name} is not a property of {allowed.Owner}.");
            return;
        }

        var bit = 1UL << id;
        if ((_seen & bit) != 0 && (PropertyId)id != PropertyId.UserProperty)
        {
            block.Fail(ReasonCode.ProtocolError, $"{name} appears twice in {allowed.Owner}.");
            return;
        }

        _seen |= bit;
        ReadValue(ref block, (PropertyId)id, name);
    }

    private void ReadValue(scoped ref PacketReader block, PropertyId id, string name)
    {
        switch (id)
        {
            case PropertyId.PayloadFormatIndicator:
            case PropertyId.RequestResponseInformation:
                ReadFlag(ref block, name);
                break;
            case PropertyId.RequestProblemInformation:
                RefusesProblemInformation = !ReadFlag(ref block, name);
                break;
            case PropertyId.MessageExpiryInterval:
            case PropertyId.WillDelayInterval:
                block.ReadUInt32(name);
                break;
            case PropertyId.SessionExpiryInterval:
                SessionExpiryInterval = block.ReadUInt32(name);
                break;
            case PropertyId.MaximumPacketSize:
                MaximumPacketSize = NotZero(ref block, block.ReadUInt32(name), name);
                break;
            case PropertyId.ReceiveMaximum:
                ReceiveMaximum = (ushort)NotZero(ref block, block.ReadUInt16(name), name);
                break;
            case PropertyId.TopicAliasMaximum:
                block.ReadUInt16(name);
                break;
            case PropertyId.TopicAlias:
                TopicAlias = block.ReadUInt16(name);
                break;
            case PropertyId.SubscriptionIdentifier:
                NotZero(ref block, (uint)block.ReadVariable(name), name);
                break;
            case PropertyId.CorrelationData:
                CorrelationData = block.ReadBinary(name);
                break;
            case PropertyId.AuthenticationData:
                block.ReadBinary(name);
                break;
            case PropertyId.ResponseTopic:
                ReadResponseTopic(ref block, name);
                break;
            case PropertyId.UserProperty:
                block.ReadText("the name of a User Property");
                block.ReadText("the value of a User Property");
                break;
            default: // the sets name no others: content type, reason string, authentication method
                block.ReadText(name);
                break;
        }
    }

    private static void ReadResponseTopic(ref PacketReader block, string name)
    {
        if (TopicName.FindMistake(block.ReadText(name)) is { } mistake)
        {
            block.Fail(ReasonCode.ProtocolError, $"{name} {mistake}.");
        }
    }

    private static bool ReadFlag(ref PacketReader block, string name)
    {
        var value = block.ReadByte(name);
        if (value > 1)
        {
            block.Fail(ReasonCode.ProtocolError, $"{name} is {value}; it must be 0 or 1.");
        }

        return value == 1;
    }

    private static uint NotZero(ref PacketReader block, uint value, string name)
    {
        if (value == 0)
        {
            block.Fail(ReasonCode.ProtocolError, $"{name} is 0, which is not allowed.");
        }

        return value;
    }
}
