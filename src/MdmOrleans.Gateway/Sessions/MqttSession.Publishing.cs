using System.Text;
using MdmOrleans.Contracts;
using MdmOrleans.Core;
using MdmOrleans.Gateway.CheckIns;
using MdmOrleans.Gateway.Commands;
using MdmOrleans.Gateway.Events;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>PUBLISH: from bytes to something that the worker can take to the twin, or to the reason why not.</summary>
internal sealed partial class MqttSession
{
    /// <summary>No topic of ours is longer below its root.</summary>
    private const int MaximumChannel = 128;

    private const int MaximumTopic = 512;

    private const int WrongTopicsAMinute = 10;
    private const int RefusedMessagesAMinute = 1000;

    private byte[]?[]? _aliases;
    private MinuteCounter? _wrongTopics;
    private MinuteCounter? _tooMany;

    private ValueTask Publish(byte header, ReadOnlySpan<byte> body)
    {
        var error = PublishPacket.Read(header, body, _version, out var publish);
        if (error != ReasonCode.Success)
        {
            return Refuse(error, "PUBLISH is not valid.");
        }

        if (publish.Retain)
        {
            return Refuse(ReasonCode.RetainNotSupported, "Nothing is retained here.");
        }

        if (publish.QoS == 2)
        {
            return Refuse(ReasonCode.QoSNotSupported, "QoS is 0 or 1 here.");
        }

        error = ResolveAlias(publish, out var topic);
        if (error != ReasonCode.Success)
        {
            return Refuse(error, "The topic alias is not one that was set.");
        }

        if (publish.QoS == 1 && !TryCountUnacknowledged())
        {
            return Refuse(ReasonCode.ReceiveMaximumExceeded, "At most 16 messages may wait for their acknowledgment.");
        }

        return AcceptAsync(Read(publish, topic));
    }

    private ReasonCode ResolveAlias(in PublishPacket publish, out ReadOnlySpan<byte> topic)
    {
        topic = publish.Topic;
        if (publish.TopicAlias is not { } alias)
        {
            return ReasonCode.Success;
        }

        if (alias is 0 or > TopicAliasMaximum)
        {
            return ReasonCode.TopicAliasInvalid;
        }

        _aliases ??= new byte[]?[TopicAliasMaximum + 1];
        if (!topic.IsEmpty)
        {
            var kept = topic[..Math.Min(topic.Length, MaximumTopic)]; // a longer one is none of ours, and stays none when it is cut
            _aliases[alias] = kept.SequenceEqual(_aliases[alias]) ? _aliases[alias] : kept.ToArray();
            return ReasonCode.Success;
        }

        topic = _aliases[alias];
        return topic.IsEmpty ? ReasonCode.ProtocolError : ReasonCode.Success;
    }

    private InboundPublish Read(in PublishPacket publish, ReadOnlySpan<byte> topic)
    {
        if (!_entry!.Limits.TryTake()) // there since the connection was accepted
        {
            _tooMany ??= new MinuteCounter(RefusedMessagesAMinute, _services.Time);
            ReasonCode? close = _tooMany.Count() ? ReasonCode.MessageRateTooHigh : null;
            return Refusal(publish, topic, GatewayProblems.RateExceeded, thenClose: close);
        }

        var isOwn = topic.Length > _root.Length && topic[_root.Length] == '/' && topic.StartsWith(_root);
        var channel = isOwn ? topic[(_root.Length + 1)..] : default;
        if (channel.SequenceEqual("up/checkin"u8))
        {
            return ReadCheckIn(publish, topic);
        }

        if (!isOwn || channel.StartsWith("dn/"u8))
        {
            _wrongTopics ??= new MinuteCounter(WrongTopicsAMinute, _services.Time);
            ReasonCode? close = _wrongTopics.Count() ? ReasonCode.NotAuthorized : null;
            return Refusal(publish, topic, GatewayProblems.TopicForbidden, thenClose: close);
        }

        return ReadOther(publish, topic, channel);
    }

    private InboundPublish ReadOther(in PublishPacket publish, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> channel)
    {
        Span<char> text = stackalloc char[MaximumChannel];
        if (channel.Length > MaximumChannel || !Encoding.UTF8.TryGetChars(channel, text, out var length))
        {
            return Refusal(publish, topic, GatewayProblems.TopicUnknown);
        }

        return Topics.ParseChannel(text[..length], out var argument) switch
        {
            TopicKind.CommandUp => ReadReport(publish, topic, argument),
            TopicKind.EventUp => ReadEvent(publish, topic, argument),
            _ => Refusal(publish, topic, GatewayProblems.TopicUnknown),
        };
    }

    private InboundPublish ReadCheckIn(in PublishPacket publish, ReadOnlySpan<byte> topic)
    {
        var (rid, checkIn, problem) = CheckInReader.Read(publish.Payload, _epoch, _enrollment);
        if (checkIn is null)
        {
            return Refusal(publish, topic, problem ?? ProblemCatalog.Unavailable, rid);
        }

        return new InboundCheckIn
        {
            PacketId = publish.PacketId,
            Size = publish.Size,
            CorrelationData = CorrelationOf(publish),
            Rid = rid,
            CheckIn = checkIn,
            ReceivedAt = _heardAt,
        };
    }

    private InboundPublish ReadReport(in PublishPacket publish, ReadOnlySpan<byte> topic, ReadOnlySpan<char> commandId)
    {
        var isId = Guid.TryParseExact(commandId, "D", out var id);
        var outcome = CommandReportReader.Read(publish.Payload, id, _epoch, _enrollment);
        if (outcome.Problem is { } problem)
        {
            return Refusal(publish, topic, problem); // the payload comes first, even where the command does not exist
        }

        return outcome.Value is { } report && isId
            ? new InboundReport
            {
                PacketId = publish.PacketId,
                Size = publish.Size,
                CorrelationData = CorrelationOf(publish),
                Report = report,
            }
            : Refusal(publish, topic, ProblemCatalog.CommandNotFound);
    }

    private static InboundPublish ReadEvent(in PublishPacket publish, ReadOnlySpan<byte> topic, ReadOnlySpan<char> type)
    {
        if (EventReader.Read(publish.Payload, out var payload) is { } problem)
        {
            return Refusal(publish, topic, problem);
        }

        return new InboundEvent
        {
            PacketId = publish.PacketId,
            Size = publish.Size,
            CorrelationData = CorrelationOf(publish),
            Type = type.ToString(),
            Payload = payload,
        };
    }

    private static InboundRefusal Refusal(
        in PublishPacket publish, ReadOnlySpan<byte> topic, Problem problem, string? rid = null, ReasonCode? thenClose = null) =>
        new()
        {
            PacketId = publish.PacketId,
            Size = publish.Size,
            CorrelationData = CorrelationOf(publish),
            Rid = rid,
            Topic = Encoding.UTF8.GetString(topic),
            Problem = problem,
            ThenClose = thenClose,
        };

    private static byte[]? CorrelationOf(in PublishPacket publish) =>
        publish.HasCorrelationData ? publish.CorrelationData.ToArray() : null;
}
