using MdmOrleans.Contracts;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>SUBSCRIBE and UNSUBSCRIBE: a courtesy to clients that want to ask, since connecting has subscribed them already.</summary>
internal sealed partial class MqttSession
{
    private SubscriptionSet? _subscriptions;

    /// <summary>Null: not delivered.</summary>
    private byte? QoSOf(ReadOnlySpan<byte> topic) => _subscriptions is null ? (byte)1 : _subscriptions.QoSOf(topic);

    private void Subscribe(ReadOnlySpan<byte> body)
    {
        var packet = SubscribePacket.Read(body, _version, unsubscribe: false, out var error);
        if (packet is null)
        {
            Close(error, "SUBSCRIBE is not valid.");
            return;
        }

        if (packet.HasIdentifier)
        {
            Close(ReasonCode.SubscriptionIdentifiersNotSupported, "There are no subscription identifiers here.");
            return;
        }

        var codes = new byte[packet.Subscriptions.Count];
        using var batch = _output.Begin();
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = ToSubAck(Grant(packet.Subscriptions[i]));
        }

        if (batch.IsOpen && codes.Length + PacketWriter.AckOverhead <= _maximumPacket)
        {
            PacketWriter.FilterAck(batch.Writer, PacketType.SubAck, _version, packet.PacketId, codes);
        }
    }

    private ReasonCode Grant(Subscription asked)
    {
        if (asked.Filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            return ReasonCode.SharedSubscriptionsNotSupported;
        }

        var below = RootOf(_device) + "/dn/";
        if (asked.Filter.Length <= below.Length || !asked.Filter.StartsWith(below, StringComparison.Ordinal))
        {
            return ReasonCode.NotAuthorized;
        }

        var qos = Math.Min(asked.QoS, (byte)1);
        return (_subscriptions ??= new SubscriptionSet()).TryAdd(asked.Filter, qos) ? (ReasonCode)qos : ReasonCode.QuotaExceeded;
    }

    /// <summary>MQTT 3.1.1 knows one way to refuse.</summary>
    private byte ToSubAck(ReasonCode code) =>
        (byte)(code >= ReasonCode.UnspecifiedError && _version != MqttVersion.V5 ? ReasonCode.UnspecifiedError : code);

    private void Unsubscribe(ReadOnlySpan<byte> body)
    {
        var packet = SubscribePacket.Read(body, _version, unsubscribe: true, out var error);
        if (packet is null)
        {
            Close(error, "UNSUBSCRIBE is not valid.");
            return;
        }

        var everything = Topics.Down(RootOf(_device));
        var codes = new byte[packet.Subscriptions.Count];
        using var batch = _output.Begin();
        for (var i = 0; i < codes.Length; i++)
        {
            var filter = packet.Subscriptions[i].Filter;
            var isEverything = filter == everything;
            _subscriptions ??= new SubscriptionSet();
            codes[i] = (byte)(_subscriptions.Remove(filter, isEverything) ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted);
        }

        if (batch.IsOpen && codes.Length + PacketWriter.AckOverhead <= _maximumPacket)
        {
            PacketWriter.FilterAck(batch.Writer, PacketType.UnsubAck, _version, packet.PacketId, _version == MqttVersion.V5 ? codes : []);
        }
    }
}
