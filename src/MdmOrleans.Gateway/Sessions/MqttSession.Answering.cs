using System.Text.Json;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Gateway.CheckIns;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What a device hears of what it sent.</summary>
internal sealed partial class MqttSession
{
    /// <summary>The acknowledgment and the verdict, in this order and in one piece.</summary>
    private void Answer(InboundCheckIn item, Verdict verdict)
    {
        using (var batch = _output.Begin())
        {
            if (!batch.IsOpen)
            {
                return;
            }

            Acknowledge(batch, item, ReasonCode.Success, null);
            WriteVerdict(batch, item, verdict);
        }

        _services.Instruments.CheckedIn(_services.Time.GetElapsedTime(item.ReceivedAt), verdict.Compliance);
    }

    private void Answer(InboundRefusal item)
    {
        Answer(item, item.Problem);
        if (item.ThenClose is { } end)
        {
            Close(end);
        }
    }

    private void Answer(InboundPublish item, Problem? problem)
    {
        var code = problem?.ToReasonCode() ?? ReasonCode.Success;
        var isKept = _version == MqttVersion.V5 || problem?.IsFinal() != false;
        using (var batch = _output.Begin())
        {
            if (!batch.IsOpen)
            {
                return;
            }

            if (isKept)
            {
                Acknowledge(batch, item, code, problem);
            }

            if (problem is not null && (_version != MqttVersion.V5 || !item.IsAcknowledged))
            {
                WriteError(batch, item, problem);
            }
        }

        if (problem is null)
        {
            return;
        }

        _services.Instruments.Refused(problem);
        if (problem.Kind == ProblemKind.Unavailable)
        {
            FailQueued(problem);
        }

        if (!isKept && item.IsAcknowledged)
        {
            CloseSilently(); // 3.1.1 cannot say no: closing is how the message stays the client's to send again
        }
        else if (ReasonToClose(problem) is { } end)
        {
            Close(end, problem.Detail);
        }
    }

    /// <summary>The twin refuses whatever this connection may still send: whoever was to end it has not reached this gateway.</summary>
    private static ReasonCode? ReasonToClose(Problem problem) =>
        problem.Code == ProblemCatalog.SessionSuperseded.Code ? ReasonCode.SessionTakenOver
        : problem.Code == ProblemCatalog.CredentialRevoked.Code ? ReasonCode.NotAuthorized
        : null;

    /// <summary>Storage that is away for one message is away for those behind it: none of them waits another time limit to learn it.</summary>
    private void FailQueued(Problem problem)
    {
        Queue<Inbound>? queued;
        lock (_gate)
        {
            queued = _queue;
            _queue = null;
            _queuedBytes = 0;
            _room?.TrySetResult();
            _room = null;
        }

        while (queued is not null && queued.TryDequeue(out var item))
        {
            switch (item)
            {
                case InboundRefusal refusal:
                    Answer(refusal); // and the end that it may ask for: a flood is cut off while storage is away, too
                    break;
                case InboundPublish publish:
                    Answer(publish, problem);
                    break;
                default:
                    Start(item); // behind the one that is being answered right now
                    break;
            }
        }
    }

    private void Acknowledge(Output.Batch batch, InboundPublish item, ReasonCode code, Problem? problem)
    {
        if (!item.IsAcknowledged)
        {
            return;
        }

        _unacknowledged--;
        if (_version != MqttVersion.V5)
        {
            PacketWriter.PubAck(batch.Writer, item.PacketId, ReasonCode.Success, []);
            return;
        }

        var properties = ScratchFor.Properties();
        if (problem is not null && _wantsProblems)
        {
            PacketWriter.Text(properties, PropertyId.ReasonString, problem.Detail);
            PacketWriter.UserProperty(properties, "code", problem.Code);
        }

        var fits = properties.Length + PacketWriter.AckOverhead <= _maximumPacket;
        PacketWriter.PubAck(batch.Writer, item.PacketId, code, fits ? properties.Written : []);
    }

    private void WriteVerdict(Output.Batch batch, InboundCheckIn item, Verdict verdict)
    {
        var topic = Topic("/dn/checkin"u8, []);
        if (QoSOf(topic) is not { } granted)
        {
            _hasMissed |= !verdict.Commands.IsEmpty;
            return;
        }

        var properties = PropertiesOf(item);
        var room = (int)_maximumPacket - PacketWriter.PublishOverhead - topic.Length - properties.Length;
        var commands = granted == 0 || CanDeliver ? verdict.Commands.Length : 0;
        var payload = ScratchFor.Payload();
        if (!VerdictWriter.TryWrite(payload, verdict, item.Rid, room, ref commands))
        {
            LogTooLarge(_device, _maximumPacket);
            return;
        }

        var qos = (byte)(commands > 0 ? granted : 0);
        var packetId = qos == 0 ? (ushort)0 : OpenDelivery(verdict.Commands, commands);
        PacketWriter.Publish(batch.Writer, _version, topic, qos, packetId, properties.Written, payload.Written);
    }

    /// <summary>A problem document on <c>dn/error</c>: for those to whom an acknowledgment cannot say it.</summary>
    private void WriteError(Output.Batch batch, InboundPublish item, Problem problem)
    {
        var topic = Topic("/dn/error"u8, []);
        if (QoSOf(topic) is null)
        {
            return;
        }

        var document = ProblemDocument.Of(problem.Code, problem.Detail) with
        {
            Topic = item.TopicBelow(RootOf(_device)),
            Rid = item.Rid,
            Errors = problem.Errors.IsDefaultOrEmpty ? null : problem.Errors.ToDictionary(e => e.Pointer, e => new[] { e.Detail }),
        };
        var payload = JsonSerializer.SerializeToUtf8Bytes(document, ContractsJson.Default.ProblemDocument);
        var properties = PropertiesOf(item);
        if (payload.Length + PacketWriter.PublishOverhead + topic.Length + properties.Length <= _maximumPacket)
        {
            PacketWriter.Publish(batch.Writer, _version, topic, 0, 0, properties.Written, payload);
        }
    }

    private ScratchBuffer PropertiesOf(InboundPublish item)
    {
        var properties = ScratchFor.Properties();
        if (_version == MqttVersion.V5 && item.CorrelationData is { } correlation)
        {
            PacketWriter.Binary(properties, PropertyId.CorrelationData, correlation);
        }

        return properties;
    }

    /// <summary>A topic below the device's root, in a buffer of this thread.</summary>
    private ReadOnlySpan<byte> Topic(ReadOnlySpan<byte> channel, ReadOnlySpan<byte> argument)
    {
        var topic = ScratchFor.Topic();
        var span = topic.GetSpan(_root.Length + channel.Length + argument.Length);
        _root.CopyTo(span);
        channel.CopyTo(span[_root.Length..]);
        argument.CopyTo(span[(_root.Length + channel.Length)..]);
        topic.Advance(_root.Length + channel.Length + argument.Length);
        return topic.Written;
    }
}
