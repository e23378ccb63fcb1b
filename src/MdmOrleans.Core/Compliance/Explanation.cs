using System.Collections.Immutable;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core.Compliance;

/// <summary>Why a device is what it is, what comes by itself, and what would help.</summary>
/// <param name="Device">As of the instant that it is explained for.</param>
/// <param name="Rules">Every rule of the policy, in its order; without a policy, that one is missing.</param>
/// <param name="Coming">In the order of their instants, if nothing is reported meanwhile.</param>
/// <param name="NextEvaluationAt">When the rules run next, heard from or not; null when the device is not judged.</param>
public sealed record Explanation(
    Device Device,
    ImmutableArray<ExplainedRule> Rules,
    ImmutableArray<ComingStep> Coming,
    ImmutableArray<Remedy> Remedies,
    DateTimeOffset? NextEvaluationAt);

/// <summary>Something that happens by itself, told as the history will tell it.</summary>
/// <param name="Kind">Of <c>EventKinds</c>.</param>
/// <param name="Detail">A JSON object.</param>
public sealed record ComingStep(DateTimeOffset At, string Kind, string Actor, string? Reason, string? From, string? To, Utf8Block Detail);

/// <summary>What stands in the way of a device, and what would clear it.</summary>
/// <param name="Obstacle"><c>rule:{id}</c>, <c>quarantine:{reason}</c>, <c>lifecycle:{state}</c> or <c>ladder:{action}</c>.</param>
/// <param name="Cure">For people.</param>
public sealed record Remedy(string Obstacle, string Cure);

/// <summary>As <see cref="Explanation"/>, as far as the history tells: the grace and the ladder come, and nothing else is known to.</summary>
public sealed record PastExplanation(
    PastTwin Twin, ImmutableArray<ExplainedRule> Rules, ImmutableArray<ComingStep> Coming, ImmutableArray<Remedy> Remedies);
