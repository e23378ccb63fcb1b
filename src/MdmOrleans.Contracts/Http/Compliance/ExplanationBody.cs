using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Contracts.Http.Compliance;

/// <summary>Why a device is what it is, what comes by itself, and what would help.</summary>
public sealed record ExplanationBody
{
    public required string Tenant { get; init; }

    public required string Device { get; init; }

    /// <summary>The instant for which this is the explanation.</summary>
    public required DateTimeOffset At { get; init; }

    [AllowedValues(LifecycleNames.Provisioned, LifecycleNames.Active, LifecycleNames.Quarantined, LifecycleNames.Retired)]
    public required string Lifecycle { get; init; }

    public required IReadOnlyList<string> QuarantineReasons { get; init; }

    [AllowedValues(
        ComplianceNames.Unknown, ComplianceNames.Compliant, ComplianceNames.InGracePeriod, ComplianceNames.Noncompliant, ComplianceNames.Error)]
    public required string Compliance { get; init; }

    [AllowedValues(AccessNames.Allow, AccessNames.Quarantine, AccessNames.Block)]
    public required string Access { get; init; }

    /// <summary>Why access is what it is, in a word.</summary>
    public required string? AccessReason { get; init; }

    public required DateTimeOffset? NoncompliantSince { get; init; }

    public required DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>By which it is judged.</summary>
    public required PolicyReference? Policy { get; init; }

    /// <summary>Every rule of the policy, in its order.</summary>
    public required IReadOnlyList<ExplainedRuleBody> Rules { get; init; }

    /// <summary>What happens by itself if nothing is reported, in the order of its instants, told as the history will tell it.</summary>
    public required IReadOnlyList<ComingStepBody> Coming { get; init; }

    /// <summary>What stands in its way, and what would clear it.</summary>
    public required IReadOnlyList<RemedyBody> Remedies { get; init; }

    /// <summary>When the rules run next, whether it is heard from or not; null for a past instant, and for what is not judged.</summary>
    public required DateTimeOffset? NextEvaluationAt { get; init; }

    /// <summary>For a past instant: what the history does not tell, and was therefore not looked at. Absent for now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? NotKept { get; init; }
}

/// <summary>What one rule, or one group of rules, says, whether it fails or not.</summary>
public sealed record ExplainedRuleBody
{
    /// <summary>Id of the rule in its policy.</summary>
    public required string Rule { get; init; }

    /// <summary>As in the policy; <c>all</c> or <c>any</c> for a group.</summary>
    public required string Kind { get; init; }

    [AllowedValues(RuleStatusNames.Compliant, RuleStatusNames.Noncompliant, RuleStatusNames.Unknown, RuleStatusNames.Error, RuleStatusNames.NotApplicable)]
    public required string Status { get; init; }

    [AllowedValues(SeverityNames.Required, SeverityNames.Advisory)]
    public required string Severity { get; init; }

    public required string? Expected { get; init; }

    /// <summary>Null: the device did not say.</summary>
    public required string? Actual { get; init; }

    public required DateTimeOffset? ReportedAt { get; init; }

    /// <summary>When the failing fact became known; null unless it fails.</summary>
    public required DateTimeOffset? Since { get; init; }

    public required string? Remediation { get; init; }

    /// <summary>When it fails by time alone, if nothing is reported until then.</summary>
    public required DateTimeOffset? TurnsAt { get; init; }

    /// <summary>Of a group, in its order.</summary>
    public required IReadOnlyList<ExplainedRuleBody> Children { get; init; }
}

/// <param name="At">When it takes effect.</param>
/// <param name="Kind">As in the history, e.g. <c>lifecycleChanged</c>, <c>ladderStepTaken</c>, <c>commandStatusChanged</c>.</param>
/// <param name="Detail">An object; its members depend on the kind.</param>
public sealed record ComingStepBody(DateTimeOffset At, string Kind, string Actor, string? Reason, string? From, string? To, RawJson Detail);

/// <param name="Obstacle">E.g. <c>rule:os-minimum</c>, <c>quarantine:lost</c>.</param>
/// <param name="Cure">For people.</param>
public sealed record RemedyBody(string Obstacle, string Cure);
