namespace MdmOrleans.Gateway.Mqtt;

/// <summary>A PUBACK from a client.</summary>
/// <param name="Accepted">False when the client says that it did not take the message.</param>
internal readonly record struct PubAckPacket(ushort PacketId, bool Accepted)
{
    /// <summary>Success, or why the packet cannot be used.</summary>
    public static ReasonCode Read(ReadOnlySpan<byte> body, MqttVersion version, out PubAckPacket ack)
    {
        var packet = new PacketReader(body);
        var packetId = packet.ReadUInt16();
        if (packetId == 0)
        {
            packet.Fail(ReasonCode.ProtocolError);
        }

        var code = version == MqttVersion.V5 && !packet.AtEnd ? packet.ReadByte() : (byte)0;
        if (version == MqttVersion.V5 && !packet.AtEnd)
        {
            Properties.Read(ref packet, PropertySet.PubAck);
        }

        packet.ExpectEnd();
        ack = new PubAckPacket(packetId, code < 0x80);
        return packet.Error;
    }
}
