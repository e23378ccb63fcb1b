namespace MdmOrleans.Gateway.Mqtt;

/// <summary>A DISCONNECT from a client.</summary>
internal readonly record struct DisconnectPacket(bool KeepsWill)
{
    /// <summary>Success, or why the packet cannot be used.</summary>
    public static ReasonCode Read(ReadOnlySpan<byte> body, MqttVersion version, out DisconnectPacket disconnect)
    {
        var packet = new PacketReader(body);
        var code = version == MqttVersion.V5 && !packet.AtEnd ? packet.ReadByte() : (byte)0;
        if (version == MqttVersion.V5 && !packet.AtEnd)
        {
            Properties.Read(ref packet, PropertySet.Disconnect);
        }

        packet.ExpectEnd();
        disconnect = new DisconnectPacket(code != 0); // any code but 'normal' says that something died
        return packet.Error;
    }
}
