using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.CheckIns;

/// <summary>What the twin answers to a check-in.</summary>
[GenerateSerializer, Immutable, Alias("mdm.Verdict")]
public sealed record Verdict
{
    [Id(0)]
    public required LifecycleState Lifecycle { get; init; }

    [Id(1)]
    public required ComplianceStatus Compliance { get; init; }

    [Id(2)]
    public required AccessLevel Access { get; init; }

    /// <summary>The rules that are neither compliant nor not applicable, in the order of the policy.</summary>
    [Id(3)]
    public required ImmutableArray<Finding> Findings { get; init; }

    [Id(4)]
    public DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>The policy that judged; null when none is assigned.</summary>
    [Id(5)]
    public PolicyVersion? Policy { get; init; }

    /// <summary>In the order in which they are to be offered.</summary>
    [Id(6)]
    public required ImmutableArray<DeviceCommand> Commands { get; init; }

    [Id(7)]
    public required int NextCheckInSeconds { get; init; }

    [Id(8)]
    public required DateTimeOffset ServerTime { get; init; }
}
