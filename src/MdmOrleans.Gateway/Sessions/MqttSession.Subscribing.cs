using MdmOrleans.Contracts;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>SUBSCRIBE and UNSUBSCRIBE: a courtesy to clients that want to ask, since connecting has subscribed them already.</summary>
internal sealed partial class MqttSession
{
    private static readonly Refusal SharedSubscription =
        new(ReasonCode.SharedSubscriptionsNotSupported, "Shared subscriptions are not supported.");

    private static readonly Refusal ForeignFilter =
        new(ReasonCode.NotAuthorized, "A device may subscribe only below its own dn/.");

    private static readonly Refusal TooManyFilters =
        new(ReasonCode.QuotaExceeded, $"A connection may have at most {SubscriptionSet.Capacity} topic filters.");

    private static readonly Refusal TooFast = new(ReasonCode.QuotaExceeded, GatewayProblems.RateExceeded.Detail);

    private SubscriptionSet? _subscriptions;

    /// <summary>Null: not delivered.</summary>
    private byte? QoSOf(ReadOnlySpan<byte> topic) => _subscriptions is null ? (byte)1 : _subscriptions.QoSOf(topic);

    private void Subscribe(ReadOnlySpan<byte> body)
    {
        var packet = SubscribePacket.Read(body, _version, unsubscribe: false, out var malformed);
        if (packet is null)
        {
            Close(malformed!); // set wherever there is no packet
            return;
        }

        if (packet.HasIdentifier)
        {
            Close(ReasonCode.SubscriptionIdentifiersNotSupported, "Subscription Identifiers are not supported.");
            return;
        }

        var isWithinRate = TryTakeMessage(out var isFlood);
        var missed = false;
        var codes = new byte[packet.Subscriptions.Count];
        using (var batch = _output.Begin())
        {
            Refusal? first = null;
            for (var i = 0; i < codes.Length; i++)
            {
                var refusal = isWithinRate ? Grant(packet.Subscriptions[i], out codes[i]) : TooFast;
                codes[i] = refusal is null ? codes[i] : ToSubAck(refusal.Code);
                first ??= refusal;
            }

            Acknowledge(batch, PacketType.SubAck, packet.PacketId, codes, first);
            (missed, _hasMissed) = (_hasMissed && isWithinRate, _hasMissed && !isWithinRate);
        }

        if (missed)
        {
            Start(InboundOffer.Instance);
        }

        if (isFlood)
        {
            CloseFlood();
        }
    }

    /// <summary>Null, with the QoS, or why not.</summary>
    private Refusal? Grant(Subscription asked, out byte qos)
    {
        qos = Math.Min(asked.QoS, (byte)1);
        if (asked.Filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            return SharedSubscription;
        }

        var below = RootOf(_device) + "/dn/";
        if (asked.Filter.Length <= below.Length || !asked.Filter.StartsWith(below, StringComparison.Ordinal))
        {
            return ForeignFilter;
        }

        return (_subscriptions ??= new SubscriptionSet()).TryAdd(asked.Filter, qos) ? null : TooManyFilters;
    }

    /// <summary>MQTT 3.1.1 knows one way to refuse.</summary>
    private byte ToSubAck(ReasonCode code) => (byte)(_version == MqttVersion.V5 ? code : ReasonCode.UnspecifiedError);

    private void Unsubscribe(ReadOnlySpan<byte> body)
    {
        var packet = SubscribePacket.Read(body, _version, unsubscribe: true, out var malformed);
        if (packet is null)
        {
            Close(malformed!); // as above
            return;
        }

        // MQTT 3.1.1 cannot refuse: its UNSUBACK says that it was done, so it is.
        var isDone = TryTakeMessage(out var isFlood) || _version != MqttVersion.V5;
        var everything = Topics.Down(RootOf(_device));
        var codes = new byte[packet.Subscriptions.Count];
        using (var batch = _output.Begin())
        {
            for (var i = 0; i < codes.Length; i++)
            {
                var filter = packet.Subscriptions[i].Filter;
                codes[i] = (byte)(!isDone ? ReasonCode.ImplementationSpecificError
                    : (_subscriptions ??= new SubscriptionSet()).Remove(filter, isEverything: filter == everything) ? ReasonCode.Success
                    : ReasonCode.NoSubscriptionExisted);
            }

            Acknowledge(batch, PacketType.UnsubAck, packet.PacketId, _version == MqttVersion.V5 ? codes : [], isDone ? null : TooFast);
        }

        if (isFlood)
        {
            CloseFlood();
        }
    }

    /// <param name="refusal">The first mistake; null where there was none.</param>
    private void Acknowledge(Output.Batch batch, PacketType type, ushort packetId, ReadOnlySpan<byte> codes, Refusal? refusal)
    {
        var properties = ScratchFor.Properties();
        if (refusal is not null && _wantsProblems && _version == MqttVersion.V5)
        {
            PacketWriter.Text(properties, PropertyId.ReasonString, refusal.Sentence);
            if (properties.Length + codes.Length + PacketWriter.AckOverhead > _maximumPacket)
            {
                properties.Clear();
            }
        }

        if (batch.IsOpen && codes.Length + PacketWriter.AckOverhead <= _maximumPacket)
        {
            PacketWriter.FilterAck(batch.Writer, type, _version, packetId, properties.Written, codes);
        }
    }
}
