namespace MdmOrleans.Gateway.Mqtt;

/// <summary>A PUBACK from a client.</summary>
/// <param name="Accepted">False when the client says that it did not take the message.</param>
internal readonly record struct PubAckPacket(ushort PacketId, bool Accepted)
{
    /// <summary>Null, or why the packet cannot be used.</summary>
    public static Refusal? Read(ReadOnlySpan<byte> body, MqttVersion version, out PubAckPacket ack)
    {
        var packet = new PacketReader(body, "PUBACK");
        var packetId = packet.ReadUInt16("the packet id");
        if (packetId == 0)
        {
            packet.Fail(ReasonCode.ProtocolError, "PUBACK has the packet id 0.");
        }

        var code = version == MqttVersion.V5 && !packet.AtEnd ? packet.ReadByte("the reason code") : (byte)0;
        if (!IsDefined(code))
        {
            packet.Fail(ReasonCode.MalformedPacket, $"PUBACK has no reason code 0x{code:X2}.");
        }

        if (version == MqttVersion.V5 && !packet.AtEnd)
        {
            Properties.Read(ref packet, PropertySet.PubAck);
        }

        packet.ExpectEnd();
        ack = new PubAckPacket(packetId, code < 0x80);
        return packet.Error;
    }

    // Table 3-4 of the standard.
    private static bool IsDefined(byte code) => code is 0x00 or 0x10 or 0x80 or 0x83 or 0x87 or 0x90 or 0x91 or 0x97 or 0x99;
}
