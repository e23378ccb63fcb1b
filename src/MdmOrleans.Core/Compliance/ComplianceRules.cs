using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Compliance;

/// <summary>From findings to the device's status, its grace clock, and the quarantine that follows.</summary>
internal static class ComplianceRules
{
    public const string PolicyAssignedRule = "policy-assigned";

    /// <summary>True when the last evaluation was by another policy, or another version of it, than <paramref name="assignment"/> says.</summary>
    public static bool IsJudgedByAnother(Device device, in PolicyAssignment assignment) =>
        assignment.Policy is { } policy
            ? device.Compliance.Policy != policy.Version
            : device.Compliance.Policy is not null || device.Compliance.Status != StatusWithoutPolicy(assignment);

    /// <summary>Without a posture there is nothing to judge, and a retired device is not judged any more.</summary>
    public static bool IsJudged(Device device) => device.Posture is not null && device.Lifecycle != LifecycleState.Retired;

    /// <summary>The end of the grace while something is still to follow from it; null when it is over, or when there is none.</summary>
    public static DateTimeOffset? PendingGraceEnd(Device device) => device.Compliance.Status switch
    {
        ComplianceStatus.InGracePeriod => device.Compliance.GraceEndsAt,
        ComplianceStatus.Error when !device.QuarantineReasons.HasFlag(QuarantineReasons.Noncompliant) => device.Compliance.GraceEndsAt,
        _ => null,
    };

    /// <summary>Runs the rules as of <paramref name="at"/> and draws every conclusion, ladder included.</summary>
    public static void Evaluate(DeviceTurn turn, in PolicyAssignment assignment, DateTimeOffset at)
    {
        var device = turn.Device;
        if (!IsJudged(device))
        {
            return;
        }

        var before = device.Compliance;
        var after = Judge(device, assignment, at) with { EvaluatedAt = at };
        var effect = EffectOf(device, after, assignment, at);
        turn.Device = device with { Compliance = after };
        if (!SaysTheSame(before, after))
        {
            turn.Store(turn.Device);
            if (IsAnotherVerdict(before, after))
            {
                turn.Record(
                    EventKinds.ComplianceChanged, effect, Actors.Compliance, null, before.Status.ToWire(), after.Status.ToWire(), VerdictHistory.Detail(after));
            }
        }

        if (before.NoncompliantSince is not null && after.NoncompliantSince is null)
        {
            LadderRules.EndEpisode(turn, before.Ladder, at);
        }

        SettleQuarantine(turn, at, effect);
        LadderRules.TakeDue(turn, assignment, at);
    }

    /// <summary>Ends the grace as of its own instant, if that is not later than <paramref name="upTo"/>. Needs no policy: the end is stored.</summary>
    public static void EndGrace(DeviceTurn turn, DateTimeOffset upTo)
    {
        var compliance = turn.Device.Compliance;
        if (PendingGraceEnd(turn.Device) is not { } end || end > upTo)
        {
            return;
        }

        var status = compliance.Status == ComplianceStatus.InGracePeriod ? ComplianceStatus.Noncompliant : compliance.Status;
        if (status != compliance.Status)
        {
            turn.Store(turn.Device with { Compliance = compliance with { Status = status } });
            turn.Record(
                EventKinds.ComplianceChanged, end, Actors.Grace, null, compliance.Status.ToWire(), status.ToWire(), VerdictHistory.Detail(compliance));
        }

        SettleQuarantine(turn, end, end);
    }

    public static Facts FactsOf(Device device) => new()
    {
        Posture = device.Posture,
        ExpectedPlatform = device.ExpectedPlatform,
        ReportedAt = device.Seen?.CheckInAt,
        AppsReportedAt = device.AppsReportedAt,
        AttributesReportedAt = device.AttributesReportedAt,
        LastCheckInAt = device.Seen?.CheckInAt,
    };

    private static ComplianceState Judge(Device device, in PolicyAssignment assignment, DateTimeOffset at)
    {
        var before = device.Compliance;
        if (assignment.Policy is not { } policy)
        {
            return JudgeWithoutPolicy(before, assignment, at);
        }

        // What is in force is in force by now, whatever the clock said when it was stored.
        var current = assignment.EffectiveAt > at ? assignment with { EffectiveAt = at } : assignment;
        var facts = FactsOf(device);
        var result = PolicyEvaluator.Evaluate(policy, in facts, before.Findings, current.EffectiveAt, at);
        var earliest = EarliestRequired(result.Findings);
        var since = earliest is null ? null : before.NoncompliantSince ?? earliest;
        var graceEndsAt = since + policy.Grace;
        return before with
        {
            Status = StatusOf(result.Findings, graceEndsAt, at),
            Findings = result.Findings,
            Policy = before.Policy == policy.Version ? before.Policy : policy.Version,
            NoncompliantSince = since,
            GraceEndsAt = graceEndsAt,
            NextChangeAt = Rearm(before.NextChangeAt, result.NextChangeAt, at),
            Ladder = LadderRules.Judge(before.Ladder, current, since),
        };
    }

    // Losing its policy does not end an episode, only its grace: else taking a policy away and giving it back would repeat the ladder.
    private static ComplianceState JudgeWithoutPolicy(ComplianceState before, in PolicyAssignment assignment, DateTimeOffset at)
    {
        // Judged since the change by something else, or never: then it is what the device said just now that no policy covers.
        var since = before.EvaluatedAt < assignment.EffectiveAt && assignment.EffectiveAt < at ? assignment.EffectiveAt : at;
        since = before.Findings is [{ Rule: PolicyAssignedRule, Since: { } kept }] ? kept : since;
        var status = StatusWithoutPolicy(assignment);
        var fails = status == ComplianceStatus.Noncompliant;
        var episode = fails ? before.NoncompliantSince ?? since : (DateTimeOffset?)null;
        return before with
        {
            Status = status,
            Findings = fails ? [PolicyMissing(since)] : [],
            Policy = null,
            NoncompliantSince = episode,
            GraceEndsAt = fails ? since : null,
            NextChangeAt = null,
            Ladder = LadderRules.Judge(before.Ladder, assignment, episode),
        };
    }

    private static ComplianceStatus StatusWithoutPolicy(in PolicyAssignment assignment) =>
        assignment.NoncompliantWithoutPolicy ? ComplianceStatus.Noncompliant : ComplianceStatus.Compliant;

    private static Finding PolicyMissing(DateTimeOffset since) => new()
    {
        Rule = PolicyAssignedRule,
        Status = RuleStatus.Noncompliant,
        Severity = Severity.Required,
        Expected = "a policy for its platform",
        Actual = "none",
        Since = since,
        Remediation = "Assign a policy to the device, or set a default policy for the tenant.",
    };

    private static ComplianceStatus StatusOf(ImmutableArray<Finding> findings, DateTimeOffset? graceEndsAt, DateTimeOffset at)
    {
        if (graceEndsAt is not { } end)
        {
            return ComplianceStatus.Compliant;
        }

        foreach (var finding in findings)
        {
            if (finding is { Severity: Severity.Required, Status: RuleStatus.Error })
            {
                return ComplianceStatus.Error;
            }
        }

        return at < end ? ComplianceStatus.InGracePeriod : ComplianceStatus.Noncompliant;
    }

    private static DateTimeOffset? EarliestRequired(ImmutableArray<Finding> findings)
    {
        DateTimeOffset? earliest = null;
        foreach (var finding in findings)
        {
            if (finding is { Severity: Severity.Required, Since: { } since } && !(earliest <= since))
            {
                earliest = since;
            }
        }

        return earliest;
    }

    // Lazy: a check-in that pushes an instant back leaves the alarm where it is. It rings early, finds nothing and is set again,
    // and thousands of check-ins in between did not touch an indexed column.
    private static DateTimeOffset? Rearm(DateTimeOffset? armed, DateTimeOffset? next, DateTimeOffset at) =>
        next is not null && armed > at && armed < next ? armed : next;

    /// <summary>When the change took effect: the end of the grace where it ended, the start of an episode where one began, else when it was seen.</summary>
    private static DateTimeOffset EffectOf(Device before, ComplianceState after, in PolicyAssignment assignment, DateTimeOffset at)
    {
        var wasOver = before.Compliance.GraceEndsAt is not null && PendingGraceEnd(before) is null;
        var effect = (after.NoncompliantSince, after.GraceEndsAt) switch
        {
            (_, { } end) when end <= at && !wasOver => end > assignment.EffectiveAt ? end : assignment.EffectiveAt,
            ({ } since, _) when before.Compliance.NoncompliantSince is null => since,
            _ => at,
        };
        return effect < at ? effect : at;
    }

    /// <summary>Quarantined for noncompliance while the grace is over or a step of the ladder says so, and no longer.</summary>
    /// <param name="effect">When the grace took its end, if it did.</param>
    public static void SettleQuarantine(DeviceTurn turn, DateTimeOffset at, DateTimeOffset effect)
    {
        var (compliance, before) = (turn.Device.Compliance, turn.Device.QuarantineReasons);
        var isOver = compliance.GraceEndsAt <= at;
        var holds = isOver || compliance.Ladder is { Quarantines: true };
        var actor = (isOver, compliance.Ladder) switch
        {
            (true, _) => Actors.Grace,
            (_, { Quarantines: true } or { Blocks: true }) => Actors.Ladder,
            _ => Actors.Compliance,
        };
        var reasons = holds ? before | QuarantineReasons.Noncompliant : before & ~QuarantineReasons.Noncompliant;
        LifecycleRules.SetReasons(turn, reasons, isOver ? effect : at, actor, holds ? "noncompliant" : compliance.Status.ToWire());
        AccessRules.Apply(turn, isOver ? effect : at, compliance.Ladder is { Blocks: true } ? Actors.Ladder : actor);
    }

    /// <summary>Equal but for the times that move with every check-in and are kept in memory.</summary>
    private static bool SaysTheSame(ComplianceState before, ComplianceState after) =>
        before.Status == after.Status
        && before.Policy == after.Policy
        && before.NoncompliantSince == after.NoncompliantSince
        && before.GraceEndsAt == after.GraceEndsAt
        && before.NextChangeAt == after.NextChangeAt
        && before.Ladder == after.Ladder
        && SameFindings(before.Findings, after.Findings);

    private static bool SameFindings(ImmutableArray<Finding> before, ImmutableArray<Finding> after)
    {
        if (before.Length != after.Length)
        {
            return false;
        }

        for (var i = 0; i < before.Length; i++)
        {
            if (before[i] != after[i] && before[i] with { ReportedAt = after[i].ReportedAt } != after[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What the history is told of: it says of every instant what was found, under which version, and when the grace ends.</summary>
    private static bool IsAnotherVerdict(ComplianceState before, ComplianceState after) =>
        before.Status != after.Status
        || before.Policy != after.Policy
        || before.NoncompliantSince != after.NoncompliantSince
        || before.GraceEndsAt != after.GraceEndsAt
        || !SameFailures(before.Findings, after.Findings);

    private static bool SameFailures(ImmutableArray<Finding> before, ImmutableArray<Finding> after)
    {
        if (before.Length != after.Length)
        {
            return false;
        }

        for (var i = 0; i < before.Length; i++)
        {
            if (before[i].Rule != after[i].Rule || before[i].Status != after[i].Status)
            {
                return false;
            }
        }

        return true;
    }
}
