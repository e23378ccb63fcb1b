using System.Collections.Immutable;
using MdmOrleans.Contracts;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What a device sent, read and in its turn. A closed family.</summary>
internal abstract class Inbound
{
    /// <summary>About what it keeps in memory while it waits, in bytes.</summary>
    public int Size { get; init; }
}

/// <summary>A PUBLISH: it has to be answered.</summary>
internal abstract class InboundPublish : Inbound
{
    /// <summary>0 where it was QoS 0.</summary>
    public required ushort PacketId { get; init; }

    /// <summary>Null where there was none; empty is a value.</summary>
    public byte[]? CorrelationData { get; init; }

    public string? Rid { get; init; }

    public bool IsAcknowledged => PacketId != 0;

    /// <summary>The topic that it was published to.</summary>
    /// <param name="root">That of the device.</param>
    public abstract string TopicBelow(string root);
}

internal sealed class InboundCheckIn : InboundPublish
{
    public override string TopicBelow(string root) => Topics.CheckInUp(root);

    public required CheckIn CheckIn { get; init; }

    /// <summary>When it was read, as a timestamp of the clock.</summary>
    public required long ReceivedAt { get; init; }
}

internal sealed class InboundReport : InboundPublish
{
    public required CommandReport Report { get; init; }

    public override string TopicBelow(string root) => Topics.CommandUp(root, Report.Id.ToString());
}

internal sealed class InboundEvent : InboundPublish
{
    public required string Type { get; init; }

    public required Utf8Block Payload { get; init; }

    public override string TopicBelow(string root) => Topics.EventUp(root, Type);
}

/// <summary>A PUBLISH that is refused without asking anybody. It still waits its turn: acknowledgments keep the order of what they answer.</summary>
internal sealed class InboundRefusal : InboundPublish
{
    public required string Topic { get; init; }

    public required Problem Problem { get; init; }

    /// <summary>With what the connection ends after the answer; null: it goes on.</summary>
    public Refusal? ThenClose { get; init; }

    public override string TopicBelow(string root) => Topic;
}

/// <summary>The device has taken these commands.</summary>
internal sealed class InboundSent(ImmutableArray<Guid> commands) : Inbound
{
    public ImmutableArray<Guid> Commands { get; } = commands;
}

/// <summary>The client has subscribed again after commands had passed it by: the twin says which are still pending.</summary>
internal sealed class InboundOffer : Inbound
{
    public static InboundOffer Instance { get; } = new();
}

/// <summary>The connection is gone: the last of its session.</summary>
internal sealed class InboundEnd : Inbound
{
    public static InboundEnd Instance { get; } = new();
}
