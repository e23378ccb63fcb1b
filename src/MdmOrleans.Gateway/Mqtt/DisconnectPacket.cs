namespace MdmOrleans.Gateway.Mqtt;

/// <summary>A DISCONNECT from a client.</summary>
/// <param name="SetsExpiry">Whether it asks to keep its session for a while.</param>
internal readonly record struct DisconnectPacket(bool SetsExpiry)
{
    /// <summary>Success, or why the packet cannot be used.</summary>
    public static ReasonCode Read(ReadOnlySpan<byte> body, MqttVersion version, out DisconnectPacket disconnect)
    {
        var packet = new PacketReader(body);
        if (version == MqttVersion.V5 && !packet.AtEnd)
        {
            packet.ReadByte(); // with its will or without: the twin is told the same
        }

        var properties = version == MqttVersion.V5 && !packet.AtEnd ? Properties.Read(ref packet, PropertySet.Disconnect) : default;
        packet.ExpectEnd();
        disconnect = new DisconnectPacket(properties.SessionExpiryInterval != 0);
        return packet.Error;
    }
}
