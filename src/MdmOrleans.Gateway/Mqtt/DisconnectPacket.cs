namespace MdmOrleans.Gateway.Mqtt;

/// <summary>A DISCONNECT from a client.</summary>
/// <param name="WithWill">Whether the connection counts as lost: the client asks for its will.</param>
/// <param name="SetsExpiry">Whether it asks to keep its session for a while.</param>
internal readonly record struct DisconnectPacket(bool WithWill, bool SetsExpiry)
{
    /// <summary>Null, or why the packet cannot be used.</summary>
    public static Refusal? Read(ReadOnlySpan<byte> body, MqttVersion version, out DisconnectPacket disconnect)
    {
        var packet = new PacketReader(body, "DISCONNECT");
        var code = version == MqttVersion.V5 && !packet.AtEnd ? packet.ReadByte("the reason code") : (byte)0;
        if (!IsDefined(code))
        {
            packet.Fail(ReasonCode.MalformedPacket, $"DISCONNECT has no reason code 0x{code:X2}.");
        }
        else if (!MayComeFromClient(code))
        {
            packet.Fail(ReasonCode.ProtocolError, $"Only a server sends DISCONNECT with the reason code 0x{code:X2}.");
        }

        var properties = version == MqttVersion.V5 && !packet.AtEnd ? Properties.Read(ref packet, PropertySet.Disconnect) : default;
        packet.ExpectEnd();
        disconnect = new DisconnectPacket(code == (byte)ReasonCode.DisconnectWithWill, properties.SessionExpiryInterval != 0);
        return packet.Error;
    }

    // Table 3-10 of the standard.
    private static bool IsDefined(byte code) =>
        MayComeFromClient(code) || code is 0x87 or 0x89 or 0x8B or 0x8D or 0x8E or 0x8F or (>= 0x9A and <= 0xA2);

    private static bool MayComeFromClient(byte code) => code is 0x00 or 0x04 or (>= 0x80 and <= 0x83) or 0x90 or (>= 0x93 and <= 0x99);
}
