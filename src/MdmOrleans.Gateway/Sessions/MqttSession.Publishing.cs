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

    private static readonly Refusal Flood =
        new(ReasonCode.MessageRateTooHigh, $"The device sent {RefusedMessagesAMinute} messages above its rate within a minute.");

    private static readonly Refusal Prober =
        new(ReasonCode.NotAuthorized, $"The device published to {WrongTopicsAMinute} topics that are not its own within a minute.");

    private byte[]?[]? _aliases;
    private MinuteCounter? _wrongTopics;
    private MinuteCounter? _tooMany;

    private ValueTask Publish(byte header, ReadOnlySpan<byte> body)
    {
        if (PublishPacket.Read(header, body, _version, out var publish) is { } refusal)
        {
            return Refuse(refusal);
        }

        if (publish.Retain)
        {
            return Refuse(ReasonCode.RetainNotSupported, "PUBLISH asks to be retained, which is not supported.");
        }

        if (publish.QoS == 2)
        {
            return Refuse(ReasonCode.QoSNotSupported, "PUBLISH has QoS 2; QoS 0 and 1 are supported.");
        }

        if (ResolveAlias(publish, out var topic) is { } mistake)
        {
            return Refuse(mistake);
        }

        if (publish.QoS == 1 && !TryCountUnacknowledged())
        {
            return Refuse(ReasonCode.ReceiveMaximumExceeded, $"At most {ReceiveMaximum} messages may wait for their acknowledgment.");
        }

        return AcceptAsync(Read(publish, topic));
    }

    /// <summary>Null, with the topic, or what is wrong with the alias.</summary>
    private Refusal? ResolveAlias(in PublishPacket publish, out ReadOnlySpan<byte> topic)
    {
        topic = publish.Topic;
        if (publish.TopicAlias is not { } alias)
        {
            return null;
        }

        if (alias == 0)
        {
            return new Refusal(ReasonCode.TopicAliasInvalid, "The topic alias is 0.");
        }

        if (alias > TopicAliasMaximum)
        {
            return new Refusal(ReasonCode.TopicAliasInvalid, $"The topic alias is {alias}; it may be at most {TopicAliasMaximum}.");
        }

        _aliases ??= new byte[]?[TopicAliasMaximum + 1];
        if (!topic.IsEmpty)
        {
            var kept = topic[..Math.Min(topic.Length, MaximumTopic)]; // a longer one is none of ours, and stays none when it is cut
            _aliases[alias] = kept.SequenceEqual(_aliases[alias]) ? _aliases[alias] : kept.ToArray();
            return null;
        }

        topic = _aliases[alias];
        return topic.IsEmpty ? new Refusal(ReasonCode.ProtocolError, $"The topic alias {alias} was never set.") : null;
    }

    /// <summary>Counts a message of the client. False when it is one too many; then it may be the one that ends the connection.</summary>
    private bool TryTakeMessage(out bool isFlood)
    {
        isFlood = false;
        if (_entry!.Limits.TryTake()) // there since the connection was accepted
        {
            return true;
        }

        _tooMany ??= new MinuteCounter(RefusedMessagesAMinute, _services.Time);
        isFlood = _tooMany.Count();
        return false;
    }

    private void CloseFlood() => Close(Flood);

    private InboundPublish Read(in PublishPacket publish, ReadOnlySpan<byte> topic)
    {
        if (!TryTakeMessage(out var isFlood))
        {
            return Refuse(publish, topic, GatewayProblems.RateExceeded, thenClose: isFlood ? Flood : null);
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
            return Refuse(publish, topic, GatewayProblems.TopicForbidden, thenClose: _wrongTopics.Count() ? Prober : null);
        }

        return ReadOther(publish, topic, channel);
    }

    private InboundPublish ReadOther(in PublishPacket publish, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> channel)
    {
        Span<char> text = stackalloc char[MaximumChannel];
        if (channel.Length > MaximumChannel || !Encoding.UTF8.TryGetChars(channel, text, out var length))
        {
            return Refuse(publish, topic, GatewayProblems.TopicUnknown);
        }

        return Topics.ParseChannel(text[..length], out var argument) switch
        {
            TopicKind.CommandUp => ReadReport(publish, topic, argument),
            TopicKind.EventUp => ReadEvent(publish, topic, argument),
            _ => Refuse(publish, topic, GatewayProblems.TopicUnknown),
        };
    }

    private InboundPublish ReadCheckIn(in PublishPacket publish, ReadOnlySpan<byte> topic)
    {
        var (rid, checkIn, problem) = CheckInReader.Read(publish.Payload, _epoch, _enrollment);
        if (checkIn is null)
        {
            return Refuse(publish, topic, problem ?? ProblemCatalog.Unavailable, rid);
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
            return Refuse(publish, topic, problem); // the payload comes first, even where the command does not exist
        }

        return outcome.Value is { } report && isId
            ? new InboundReport
            {
                PacketId = publish.PacketId,
                Size = publish.Size,
                CorrelationData = CorrelationOf(publish),
                Report = report,
            }
            : Refuse(publish, topic, ProblemCatalog.CommandNotFound);
    }

    private static InboundPublish ReadEvent(in PublishPacket publish, ReadOnlySpan<byte> topic, ReadOnlySpan<char> type)
    {
        if (EventReader.Read(publish.Payload, out var payload) is { } problem)
        {
            return Refuse(publish, topic, problem);
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

    private static InboundRefusal Refuse(
        in PublishPacket publish, ReadOnlySpan<byte> topic, Problem problem, string? rid = null, Refusal? thenClose = null) =>
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
