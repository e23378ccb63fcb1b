using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance;

/// <summary>What a policy says of a device at one instant.</summary>
/// <param name="Findings">The rules that fail, in the order of the policy; the very array of before when nothing in it changed.</param>
/// <param name="NextChangeAt">The next instant at which time alone may turn a rule; null when none can.</param>
public readonly record struct PolicyResult(ImmutableArray<Finding> Findings, DateTimeOffset? NextChangeAt);

/// <summary>What one rule says of a device, whether it fails or not.</summary>
[GenerateSerializer, Immutable, Alias("mdm.ExplainedRule")]
public sealed record ExplainedRule
{
    /// <summary>A child of a group has no since of its own: only what is reported is remembered.</summary>
    [Id(0)]
    public required Finding Finding { get; init; }

    /// <summary>As in the policy, e.g. <c>osVersion</c>; <c>all</c> or <c>any</c> for a group.</summary>
    [Id(1)]
    public required string Kind { get; init; }

    /// <summary>The next instant at which time alone may turn it; null when there is none.</summary>
    [Id(2)]
    public DateTimeOffset? TurnsAt { get; init; }

    /// <summary>Of a group, in its order.</summary>
    [Id(3)]
    public ImmutableArray<ExplainedRule> Children { get; init; } = [];
}
