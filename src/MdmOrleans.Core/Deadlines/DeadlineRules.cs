using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Deadlines;

/// <summary>What a twin must do without being spoken to, and when.</summary>
public static class DeadlineRules
{
    // Each rule crosses an instant of time once; more turns than this can only come from a rule that does not move on.
    private const int MaxCrossings = 64;

    /// <summary>Acts on whatever is overdue, each as of its instant.</summary>
    public static Decision Act(Device device, PolicyAssignment assignment, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        CatchUp(turn, assignment);
        Rearm(turn);
        return turn.Decide();
    }

    /// <summary>True when nothing is overdue and no policy has changed.</summary>
    internal static bool IsUpToDate(Device device, PolicyAssignment assignment, DateTimeOffset now) =>
        !(device.NextDueAt <= now) && !ComplianceRules.IsJudgedByAnother(device, assignment);

    internal static void CatchUp(DeviceTurn turn, PolicyAssignment assignment)
    {
        var now = turn.Now;
        if (IsUpToDate(turn.Device, assignment, now))
        {
            return;
        }

        CommandRules.ExpireOverdue(turn);
        if (ComplianceRules.IsJudgedByAnother(turn.Device, assignment))
        {
            var at = Latest(assignment.EffectiveAt, turn.Device.Compliance.EvaluatedAt ?? assignment.EffectiveAt);
            at = at < now ? at : now;
            ComplianceRules.EndGrace(turn, at);
            ComplianceRules.Evaluate(turn, assignment, at);
        }

        for (var i = 0; i < MaxCrossings && turn.Device.Compliance.NextChangeAt is { } change && change <= now; i++)
        {
            ComplianceRules.EndGrace(turn, change);
            ComplianceRules.Evaluate(turn, assignment, change);
        }

        ComplianceRules.EndGrace(turn, now);
        if (turn.Device.NextDueAt <= now)
        {
            ComplianceRules.Evaluate(turn, assignment, now);
        }
    }

    /// <summary>Sets the next instant at which the twin must act; stored only where it moves.</summary>
    internal static void Rearm(DeviceTurn turn)
    {
        var next = NextDueAt(turn.Device, turn.Now);
        if (next != turn.Device.NextDueAt)
        {
            turn.Store(turn.Device with { NextDueAt = next });
        }
    }

    internal static DateTimeOffset? NextDueAt(Device device, DateTimeOffset now)
    {
        var next = CommandRules.NextExpiry(device.Commands);
        if (device.Posture is null || device.Lifecycle == Lifecycle.LifecycleState.Retired)
        {
            return next;
        }

        var compliance = device.Compliance;
        var graceEndsAt = device.QuarantineReasons.HasFlag(Lifecycle.QuarantineReasons.Noncompliant) ? null : compliance.GraceEndsAt;
        return Earliest(Earliest(next, graceEndsAt), Earliest(compliance.NextChangeAt, NextDaily(device, now)));
    }

    /// <summary>Once in 24 hours, at a second of the day that the device's name gives: a fleet that enrolled in one minute is spread over the day.</summary>
    private static DateTimeOffset NextDaily(Device device, DateTimeOffset now)
    {
        const int SecondsPerDay = 86_400;
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var slot = midnight.AddSeconds(device.Id.StableHash / 256 % SecondsPerDay);
        return slot > now ? slot : slot.AddDays(1);
    }

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right : left;
}
