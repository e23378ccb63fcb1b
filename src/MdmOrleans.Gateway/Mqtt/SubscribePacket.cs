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

    public static SubscribePacket? Read(ReadOnlySpan<byte> body, MqttVersion version, bool unsubscribe, out ReasonCode error)
    {
        var packet = new PacketReader(body);
        var packetId = packet.ReadUInt16();
        if (packetId == 0)
        {
            packet.Fail(ReasonCode.ProtocolError);
        }

        var properties = version == MqttVersion.V5
            ? Properties.Read(ref packet, unsubscribe ? PropertySet.Unsubscribe : PropertySet.Subscribe)
            : default;
        if (packet.AtEnd)
        {
            packet.Fail(ReasonCode.ProtocolError); // at least one filter
        }

        List<Subscription> subscriptions = [];
        while (!packet.AtEnd)
        {
            var filter = packet.ReadText();
            if (!TopicName.IsValidFilter(filter))
            {
                packet.Fail(ReasonCode.MalformedPacket);
            }

            subscriptions.Add(new Subscription(Encoding.UTF8.GetString(filter), unsubscribe ? (byte)0 : ReadOptions(ref packet, version)));
        }

        error = packet.Error;
        return packet.Failed ? null : new SubscribePacket(packetId, subscriptions, properties.Has(PropertyId.SubscriptionIdentifier));
    }

    private static byte ReadOptions(ref PacketReader packet, MqttVersion version)
    {
        var options = packet.ReadByte();
        var reserved = version == MqttVersion.V5 ? ReservedMask : unchecked((byte)~QoSMask);
        if ((options & reserved) != 0)
        {
            packet.Fail(ReasonCode.MalformedPacket);
        }

        if ((options & QoSMask) == QoSMask || (options & RetainHandlingMask) == RetainHandlingMask)
        {
            packet.Fail(ReasonCode.ProtocolError);
        }

        return (byte)(options & QoSMask);
    }
}
