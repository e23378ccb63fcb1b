using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance;

/// <summary>What the twin knows of its compliance.</summary>
[GenerateSerializer, Immutable, Alias("mdm.ComplianceState")]
public sealed record ComplianceState
{
    /// <summary>Before the first check-in.</summary>
    public static ComplianceState Initial { get; } = new() { Status = ComplianceStatus.Unknown, Findings = [] };

    [Id(0)]
    public required ComplianceStatus Status { get; init; }

    /// <summary>The rules that are neither compliant nor not applicable, in the order of the policy.</summary>
    [Id(1)]
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>Null when no policy judged it.</summary>
    [Id(2)]
    public PolicyVersion? Policy { get; init; }

    /// <summary>Start of the episode: the earliest since of the required rules that failed first. Null outside of one.</summary>
    [Id(3)]
    public DateTimeOffset? NoncompliantSince { get; init; }

    /// <summary>Exactly the policy's grace after <see cref="NoncompliantSince"/>, whenever it is evaluated.</summary>
    [Id(4)]
    public DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>When the rules last ran. In memory it may be later than in storage.</summary>
    [Id(5)]
    public DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>The next instant at which a rule may turn by time alone; null when none does.</summary>
    [Id(6)]
    public DateTimeOffset? NextChangeAt { get; init; }

    /// <summary>Null outside of an episode, and while the policy has no ladder.</summary>
    [Id(7)]
    public LadderState? Ladder { get; init; }

    public bool Equals(ComplianceState? other) =>
        ReferenceEquals(this, other) || (other is not null
        && Status == other.Status
        && Policy == other.Policy
        && NoncompliantSince == other.NoncompliantSince
        && GraceEndsAt == other.GraceEndsAt
        && EvaluatedAt == other.EvaluatedAt
        && NextChangeAt == other.NextChangeAt
        && Ladder == other.Ladder
        && Findings.AsSpan().SequenceEqual(other.Findings.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Status, Policy, NoncompliantSince, GraceEndsAt, Findings.Length);
}
