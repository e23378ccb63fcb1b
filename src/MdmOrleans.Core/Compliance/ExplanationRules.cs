using System.Collections.Immutable;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Compliance;

/// <summary>Explains by the very rules that decide: what comes is what they do when their time comes.</summary>
public static class ExplanationRules
{
    private const int MaxSteps = 200;

    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366);

    /// <summary>As of now; what is overdue counts as done.</summary>
    public static Explanation Explain(Device device, PolicyAssignment assignment, DateTimeOffset now)
    {
        var current = DeadlineRules.Act(device, assignment, now).Device;
        return new Explanation(
            current,
            RulesOf(current, assignment, now),
            Foresee(current, assignment, now),
            RemediesOf(current.Lifecycle, current.QuarantineReasons, current.Compliance.Findings, current.Compliance.Ladder),
            ComplianceRules.IsJudged(current) ? DeadlineRules.NextDaily(current, current.Compliance.EvaluatedAt ?? now) : null);
    }

    /// <summary>As of a past instant, as far as the history tells.</summary>
    /// <param name="assignment">By which it was judged then.</param>
    public static PastExplanation Explain(PastTwin twin, PolicyAssignment assignment, DateTimeOffset at)
    {
        var taken = LadderRules.Coming(null, assignment, twin.NoncompliantSince).Where(step => step.At <= at).Select(step => step.Step.Key);
        var ladder = new LadderState { Taken = [.. taken] };
        return new PastExplanation(
            twin,
            PastRulesOf(twin, assignment, at),
            [.. ComingOf(twin, ladder, assignment, at)],
            RemediesOf(twin.Lifecycle, twin.QuarantineReasons, twin.Findings, ladder: null));
    }

    private static ImmutableArray<ExplainedRule> RulesOf(Device device, in PolicyAssignment assignment, DateTimeOffset now)
    {
        if (assignment.Policy is not { } policy)
        {
            return [.. device.Compliance.Findings.Select(WithoutPolicy)];
        }

        var facts = ComplianceRules.FactsOf(device);
        var rules = PolicyEvaluator.Explain(policy, in facts, device.Compliance.Findings, assignment.EffectiveAt, now);
        return ComplianceRules.IsJudged(device) ? rules : [.. rules.Select(NotYet)];
    }

    // The apps are not kept, nor when it last checked in: where they matter, what was found then counts, and not what is found without them.
    private static ImmutableArray<ExplainedRule> PastRulesOf(PastTwin twin, in PolicyAssignment assignment, DateTimeOffset at)
    {
        if (assignment.Policy is not { } policy)
        {
            return [.. twin.Findings.Select(WithoutPolicy)];
        }

        var facts = new Facts
        {
            Posture = twin.Posture,
            ReportedAt = twin.PostureReportedAt,
            AttributesReportedAt = twin.PostureReportedAt,
            LastCheckInAt = twin.PostureReportedAt,
        };
        var rules = PolicyEvaluator.Explain(policy, in facts, twin.Findings, assignment.EffectiveAt, at);
        return twin.Posture is null
            ? [.. rules.Select(NotYet)]
            : [.. rules.Select(rule => rule with { Finding = FoundThen(rule.Finding, twin.Findings), TurnsAt = null })];
    }

    private static Finding FoundThen(Finding now, ImmutableArray<Finding> findings) =>
        findings.FirstOrDefault(finding => finding.Rule == now.Rule)
        ?? (now.Fails ? now with { Status = RuleStatus.Compliant, Actual = null, ReportedAt = null, Since = null, Remediation = null } : now);

    private static ExplainedRule WithoutPolicy(Finding finding) => new() { Finding = finding, Kind = "policyAssigned" };

    // Nothing was reported that could fail: no clock runs.
    private static ExplainedRule NotYet(ExplainedRule rule) => rule with { Finding = rule.Finding with { Since = null }, TurnsAt = null };

    /// <summary>Lets the time pass without a word from the device, from one instant at which something happens to the next.</summary>
    private static ImmutableArray<ComingStep> Foresee(Device device, PolicyAssignment assignment, DateTimeOffset now)
    {
        var steps = ImmutableArray.CreateBuilder<ComingStep>();
        var silent = device;
        for (var i = 0; i < MaxSteps && steps.Count < MaxSteps && DeadlineRules.NextTurn(silent) is { } at && at <= now + Horizon; i++)
        {
            var decision = DeadlineRules.Act(silent with { NextDueAt = at }, assignment, at);
            steps.AddRange(decision.Events.Select(e => new ComingStep(e.At, e.Kind, e.Actor, e.Reason, e.From, e.To, e.Detail)));
            if (DeadlineRules.NextTurn(decision.Device) <= at)
            {
                break; // it would stand still
            }

            silent = decision.Device;
        }

        return steps.ToImmutable();
    }

    private static IEnumerable<ComingStep> ComingOf(PastTwin twin, LadderState ladder, PolicyAssignment assignment, DateTimeOffset at)
    {
        var none = Utf8Block.FromText("{}");
        var steps = LadderRules.Coming(ladder, assignment, twin.NoncompliantSince)
            .Select(step => new ComingStep(step.At, EventKinds.LadderStepTaken, Actors.Ladder, step.Step.Action.ToWire(), null, null, none));
        if (twin.GraceEndsAt is { } end && end > at)
        {
            var (from, to) = (twin.Compliance.ToWire(), ComplianceStatus.Noncompliant.ToWire());
            steps = steps.Prepend(new ComingStep(end, EventKinds.ComplianceChanged, Actors.Grace, null, from, to, none));
        }

        return steps.OrderBy(step => step.At);
    }

    private static ImmutableArray<Remedy> RemediesOf(
        LifecycleState lifecycle, QuarantineReasons reasons, ImmutableArray<Finding> findings, LadderState? ladder)
    {
        if (lifecycle == LifecycleState.Retired)
        {
            return [new Remedy("lifecycle:Retired", "Nothing: it is final.")];
        }

        var remedies = ImmutableArray.CreateBuilder<Remedy>();
        if (lifecycle == LifecycleState.Provisioned)
        {
            remedies.Add(new Remedy("lifecycle:Provisioned", "The first check-in."));
        }

        remedies.AddRange(findings.Select(finding => new Remedy($"rule:{finding.Rule}", CureOf(finding))));
        foreach (var reason in reasons.ToWire())
        {
            remedies.Add(new Remedy($"quarantine:{reason}", CureOf(reason)));
        }

        if (ladder is { Blocks: true })
        {
            remedies.Add(new Remedy("ladder:block", "Every required rule passes, or the policy has this step no longer."));
        }

        return remedies.ToImmutable();
    }

    private static string CureOf(Finding finding) =>
        finding.Remediation ?? (finding.Expected is { } expected ? $"It reports what the rule expects: {expected}." : "It reports what the rule expects.");

    private static string CureOf(string reason) => reason switch
    {
        "noncompliant" => "Every required rule passes.",
        "lost" or "stolen" => "Somebody says that it was found: a transition to Active with the reason found.",
        "operator" => "An operator releases it: a transition to Active with the reason operator.",
        _ => "It is enrolled again, with a new device token.",
    };
}
