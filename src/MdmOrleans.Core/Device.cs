using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core;

/// <summary>The twin of one device: everything that must agree, as one immutable value.</summary>
[GenerateSerializer, Immutable, Alias("mdm.Device")]
public sealed record Device
{
    [Id(0)]
    public required DeviceId Id { get; init; }

    /// <summary>1 when created, one more with every stored change.</summary>
    [Id(1)]
    public required long Version { get; init; }

    /// <summary>Enrollment epoch: 1 when created, one more whenever it is enrolled again or gets a new token.</summary>
    [Id(2)]
    public required int Epoch { get; init; }

    /// <summary>Hash of the device token of this epoch; null while it has none. Whether it counts is for the lifecycle to say.</summary>
    [Id(3)]
    public SecretHash? Token { get; init; }

    [Id(4)]
    public LifecycleState Lifecycle { get; init; }

    [Id(5)]
    public QuarantineReasons QuarantineReasons { get; init; }

    /// <summary>True once a check-in was accepted in this enrollment: where it goes back to when a quarantine is lifted.</summary>
    [Id(6)]
    public bool WasActive { get; init; }

    [Id(7)]
    public ComplianceState Compliance { get; init; } = ComplianceState.Initial;

    [Id(8)]
    public required AccessState Access { get; init; }

    /// <summary>What the operator said it is, until it says so itself.</summary>
    [Id(9)]
    public Platform? ExpectedPlatform { get; init; }

    [Id(10)]
    public string? ExpectedSerial { get; init; }

    /// <summary>Null before the first check-in.</summary>
    [Id(11)]
    public Posture? Posture { get; init; }

    /// <summary>When the apps were last said; in memory it may be later than in storage.</summary>
    [Id(12)]
    public DateTimeOffset? AppsReportedAt { get; init; }

    /// <summary>As <see cref="AppsReportedAt"/>.</summary>
    [Id(13)]
    public DateTimeOffset? AttributesReportedAt { get; init; }

    /// <summary>Null until it was heard of. In memory it may be up to five seconds later than in storage.</summary>
    [Id(14)]
    public LastSeen? Seen { get; init; }

    [Id(15)]
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Id(16)]
    public string? Owner { get; init; }

    /// <summary>The policy's name that an operator chose for it; null: the tenant's default.</summary>
    [Id(17)]
    public string? AssignedPolicy { get; init; }

    [Id(18)]
    public DateTimeOffset? PolicyAssignedAt { get; init; }

    [Id(19)]
    public CommandQueue Commands { get; init; } = CommandQueue.Empty;

    /// <summary>The newest event.</summary>
    [Id(20)]
    public EventChain Chain { get; init; } = EventChain.Empty;

    /// <summary>The earliest instant at which it must act without being spoken to; null: never.</summary>
    [Id(21)]
    public DateTimeOffset? NextDueAt { get; init; }

    /// <summary>The newest connection that it knows of; not a sign that it is alive. Stored with the next write.</summary>
    [Id(22)]
    public DeviceSession? Session { get; init; }

    [Id(23)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What it has used up of its events of a day; null until it tells of one.</summary>
    [Id(30)]
    public EventBudget? Events { get; init; }

    /// <summary>The connection whose loss the history tells of last.</summary>
    [Id(31)]
    public SessionEpoch? LostSession { get; init; }

    /// <summary>Reported, or else expected; null when nobody said.</summary>
    public Platform? Platform => Posture?.Platform ?? ExpectedPlatform;

    /// <summary>What the operator set, or else as reported: a device must not pass for another one by what it says.</summary>
    public string? Serial => ExpectedSerial ?? Posture?.Serial;

    /// <summary>What the device says its serial number is, where the operator set another; else null.</summary>
    public string? ContradictingSerial =>
        ExpectedSerial is { } expected && Posture?.Serial is { } reported && reported != expected ? reported : null;
}

/// <summary>One MQTT connection of the device.</summary>
/// <param name="Gateway">Address of the silo that holds it; null where another activation accepted it.</param>
[GenerateSerializer, Immutable, Alias("mdm.DeviceSession")]
public sealed record DeviceSession([property: Id(0)] SessionEpoch Epoch, [property: Id(1)] string? Gateway);
