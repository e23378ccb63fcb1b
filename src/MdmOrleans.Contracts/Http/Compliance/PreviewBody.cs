using System.ComponentModel.DataAnnotations;
using MdmOrleans.Contracts.Compliance;

namespace MdmOrleans.Contracts.Http.Compliance;

/// <summary>What a draft of a policy would do to the fleet as it is.</summary>
public sealed record PreviewBody
{
    /// <summary>Devices of the tenant by compliance, as they are.</summary>
    public required IReadOnlyDictionary<string, long> Before { get; init; }

    /// <summary>As they would be.</summary>
    public required IReadOnlyDictionary<string, long> After { get; init; }

    /// <summary>
    /// True where nobody is judged by a policy of this name yet: then it is previewed as if it were the tenant's default, for every
    /// device without a policy of its own.
    /// </summary>
    public required bool AsDefault { get; init; }

    public required Page<PreviewedChange> Changes { get; init; }
}

/// <summary>A device for which something would change.</summary>
public sealed record PreviewedChange
{
    public required string Device { get; init; }

    [AllowedValues(
        ComplianceNames.Unknown, ComplianceNames.Compliant, ComplianceNames.InGracePeriod, ComplianceNames.Noncompliant, ComplianceNames.Error)]
    public required string From { get; init; }

    [AllowedValues(
        ComplianceNames.Unknown, ComplianceNames.Compliant, ComplianceNames.InGracePeriod, ComplianceNames.Noncompliant, ComplianceNames.Error)]
    public required string To { get; init; }

    /// <summary>The rules that would begin or cease to fail; where there are none, all that would fail.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    public required DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>Of the ladder, in their order, if the device stays as it is.</summary>
    public required IReadOnlyList<PreviewedStep> Steps { get; init; }
}

/// <param name="Action">E.g. <c>nominateRetire</c>.</param>
/// <param name="At">When it would be taken.</param>
public sealed record PreviewedStep(string Action, DateTimeOffset At);
