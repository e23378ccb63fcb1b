using System.Text;

namespace MdmOrleans.Gateway.Mqtt;

/// <param name="QoS">As asked for, 0 to 2.</param>
internal readonly record struct Subscription(string Filter, byte QoS);

/// <summary>A SUBSCRIBE or UNSUBSCRIBE from a client; an UNSUBSCRIBE asks for no QoS.</summary>
internal sealed record SubscribePacket(ushort PacketId, List<Subscription> Subscriptions, bool HasIdentifier)
{
    private const byte QoSMask = 0b0000_0011;
    private const byte RetainHandlingMask = 0b0011_0000;
    private const byte ReservedMask = 0b1100_0000;

    /// <summary>Null, with the reason, when it is not well-formed.</summary>
    public static SubscribePacket? Read(ReadOnlySpan<byte> body, MqttVersion version, bool unsubscribe, out Refusal? error)
    {
        var allowed = unsubscribe ? PropertySet.Unsubscribe : PropertySet.Subscribe;
        var packet = new PacketReader(body, allowed.Owner);
        var packetId = packet.ReadUInt16("the packet id");
        if (packetId == 0)
        {
            packet.Fail(ReasonCode.ProtocolError, $"{allowed.Owner} has the packet id 0.");
        }

        var properties = version == MqttVersion.V5 ? Properties.Read(ref packet, allowed) : default;
        if (packet.AtEnd)
        {
            packet.Fail(ReasonCode.ProtocolError, $"{allowed.Owner} has no topic filter.");
        }

        List<Subscription> subscriptions = [];
        while (!packet.AtEnd)
        {
            var filter = packet.ReadText("a topic filter");
            if (TopicName.FindFilterMistake(filter) is { } mistake)
            {
                packet.Fail(ReasonCode.MalformedPacket, $"A topic filter {mistake}.");
            }

            subscriptions.Add(new Subscription(Encoding.UTF8.GetString(filter), unsubscribe ? (byte)0 : ReadOptions(ref packet, version)));
        }

        error = packet.Error;
        return packet.Failed ? null : new SubscribePacket(packetId, subscriptions, properties.Has(PropertyId.SubscriptionIdentifier));
    }

    private static byte ReadOptions(ref PacketReader packet, MqttVersion version)
    {
        var options = packet.ReadByte("the subscription options");
        var reserved = version == MqttVersion.V5 ? ReservedMask : unchecked((byte)~QoSMask);
        if ((options & reserved) != 0)
        {
            packet.Fail(ReasonCode.MalformedPacket, "The subscription options have a reserved bit set.");
        }

        if ((options & QoSMask) == QoSMask)
        {
            packet.Fail(ReasonCode.ProtocolError, "SUBSCRIBE asks for QoS 3, which does not exist.");
        }

        if ((options & RetainHandlingMask) == RetainHandlingMask)
        {
            packet.Fail(ReasonCode.ProtocolError, "SUBSCRIBE asks for retain handling 3, which does not exist.");
        }

        return (byte)(options & QoSMask);
    }
}
