using System.Collections.Immutable;
using MdmOrleans.Core.Commands;
using MdmOrleans.Gateway.Commands;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>Commands on their way to the device, as many at a time as it takes.</summary>
internal sealed partial class MqttSession
{
    private OutboundWindow? _outbound;

    /// <summary>Whether there was a command that the client had unsubscribed from: its next SUBSCRIBE asks the twin for what is pending.</summary>
    private bool _hasMissed;

    private bool CanDeliver => _outbound is null || _outbound.HasRoom;

    /// <summary>From the twin: goes out now, or when an acknowledgment makes room. Never waits for the client.</summary>
    public void Push(DeviceCommand command)
    {
        using var batch = _output.Begin();
        if (_state == State.Connecting)
        {
            (_outbound ??= new OutboundWindow(_window)).Wait(command); // the twin was faster than its own answer
        }
        else if (_state == State.Connected && batch.IsOpen && command.Epoch == _enrollment)
        {
            // Of another enrollment, it is for whoever connects with that credential: this connection is about to be closed.
            DeliverOrWait(batch, command);
        }
    }

    private void DeliverOrWait(Output.Batch batch, DeviceCommand command)
    {
        _outbound ??= new OutboundWindow(_window);
        _outbound.Wait(command);
        DeliverWaiting(batch);
    }

    /// <summary>Delivers what is pending and was not sent.</summary>
    private void Offer(ImmutableArray<DeviceCommand> pending)
    {
        var now = _services.Time.GetUtcNow();
        using var batch = _output.Begin();
        foreach (var command in pending)
        {
            if (command.Status != CommandStatus.Sent && command.Epoch == _enrollment && CommandRules.IsOffered(command, now))
            {
                DeliverOrWait(batch, command);
            }
        }
    }

    /// <summary>PUBACK: the device has taken what was sent under this id.</summary>
    private void Acknowledge(ReadOnlySpan<byte> body)
    {
        if (PubAckPacket.Read(body, _version, out var ack) is { } refusal)
        {
            Close(refusal);
            return;
        }

        ImmutableArray<Guid> sent;
        using (var batch = _output.Begin())
        {
            if (_outbound is null || !_outbound.TryClose(ack.PacketId, out sent))
            {
                return; // nothing of ours: harmless
            }

            DeliverWaiting(batch);
        }

        if (ack.Accepted)
        {
            Start(new InboundSent(sent));
        }
    }

    private void DeliverWaiting()
    {
        using var batch = _output.Begin();
        DeliverWaiting(batch);
    }

    private void DeliverWaiting(Output.Batch batch)
    {
        while (batch.IsOpen && _outbound is { HasRoom: true } && _output.IsReady
            && _outbound.TryNext(_services.Time.GetUtcNow(), out var command))
        {
            Deliver(batch, command);
        }
    }

    private void Deliver(Output.Batch batch, DeviceCommand command)
    {
        Span<byte> id = stackalloc byte[36];
        command.Id.TryFormat(id, out _, "D");
        var topic = Topic("/dn/command/"u8, id);
        if (QoSOf(topic) is not { } qos)
        {
            _hasMissed = true;
            return;
        }

        var payload = ScratchFor.Payload();
        CommandWriter.Write(payload, command);
        var properties = ScratchFor.Properties();
        var left = command.ExpiresAt - _services.Time.GetUtcNow();
        if (_version == MqttVersion.V5 && command.ExpiresAt != DateTimeOffset.MaxValue)
        {
            PacketWriter.UInt32(properties, PropertyId.MessageExpiryInterval, (uint)Math.Clamp(Math.Ceiling(left.TotalSeconds), 1, uint.MaxValue));
        }

        if (payload.Length + properties.Length + topic.Length + PacketWriter.PublishOverhead > _maximumPacket)
        {
            LogTooLarge(_device, _maximumPacket);
            return;
        }

        var packetId = qos == 0 ? (ushort)0 : _outbound!.Open([command.Id]); // made by every caller
        PacketWriter.Publish(batch.Writer, _version, topic, qos, packetId, properties.Written, payload.Written);
        _services.Instruments.Delivered();
    }

    /// <summary>A place in the window for an answer that carries the first <paramref name="count"/> of these.</summary>
    private ushort OpenDelivery(ImmutableArray<DeviceCommand> commands, int count)
    {
        _outbound ??= new OutboundWindow(_window);
        var ids = ImmutableArray.CreateBuilder<Guid>(count);
        for (var i = 0; i < count; i++)
        {
            ids.Add(commands[i].Id);
            _services.Instruments.Delivered();
        }

        return _outbound.Open(ids.MoveToImmutable());
    }
}
