using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Contracts.CheckIns;

/// <summary>Payload of <c>dn/checkin</c>: the verdict, what to do, and when to speak again.</summary>
public sealed record CheckInAnswer
{
    /// <summary>That of the check-in; absent where it had none.</summary>
    public string? Rid { get; init; }

    /// <summary>One of <see cref="LifecycleNames"/>.</summary>
    public required string Lifecycle { get; init; }

    /// <summary>One of <see cref="ComplianceNames"/>.</summary>
    public required string Compliance { get; init; }

    /// <summary>One of <see cref="AccessNames"/>.</summary>
    public required string Access { get; init; }

    /// <summary>The rules that are neither compliant nor not applicable.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Absent outside an episode of noncompliance.</summary>
    public DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>Absent where none is assigned.</summary>
    public PolicyReference? Policy { get; init; }

    /// <summary>In the order in which to run them. As many as fit; the rest follow when these are reported.</summary>
    public required IReadOnlyList<DeliveredCommand> Commands { get; init; }

    /// <summary>Seconds until the next check-in is expected.</summary>
    public required int NextCheckInSeconds { get; init; }

    public required DateTimeOffset ServerTime { get; init; }
}
