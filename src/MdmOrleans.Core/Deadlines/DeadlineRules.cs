using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Deadlines;

/// <summary>What a twin must do without being spoken to, and when.</summary>
public static class DeadlineRules
{
    // Far more than a policy and a queue can ask for in a year; whoever needs more is due again at once and goes on from there.
    private const int MaxActions = 1024;

    /// <summary>Acts on whatever is overdue, each as of its instant.</summary>
    public static Decision Act(Device device, PolicyAssignment assignment, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        CatchUp(turn, assignment);
        PatchWindowRules.Adopt(turn, assignment.Policy?.PatchWindow);
        Rearm(turn);
        return turn.Decide();
    }

    /// <summary>
    /// What becomes of a due twin for which time has passed and nothing else: judged again, and due later. Most daily evaluations
    /// and silence limits end like this.
    /// </summary>
    /// <returns>The twin with other times, and of the same version; null when there is more to it, which is for its grain to do.</returns>
    public static Device? Postpone(Device device, PolicyAssignment assignment, DateTimeOffset now)
    {
        if (!(device.NextDueAt <= now))
        {
            return null;
        }

        var after = Act(device, assignment, now).Device with { Version = device.Version };
        var asBefore = after with
        {
            NextDueAt = device.NextDueAt,
            Compliance = after.Compliance with { EvaluatedAt = device.Compliance.EvaluatedAt, NextChangeAt = device.Compliance.NextChangeAt },
        };
        return asBefore == device && !(after.NextDueAt <= now) ? after : null; // an event would have moved its chain
    }

    /// <summary>Whether the device was judged last by something else than <paramref name="assignment"/>, so that what was in force before it matters.</summary>
    public static bool HasChangedPolicy(Device device, in PolicyAssignment assignment) =>
        ComplianceRules.IsJudged(device) && ComplianceRules.IsJudgedByAnother(device, assignment);

    /// <summary>What the device is due for at <paramref name="due"/>, which is its next due instant.</summary>
    public static DeadlineKind KindOf(Device device, DateTimeOffset due) => device switch
    {
        _ when due == CommandMoves.NextInstant(device.Commands) => DeadlineKind.CommandExpiry,
        _ when due == ComplianceRules.PendingGraceEnd(device) => DeadlineKind.GraceEnd,
        _ when due == device.Compliance.Ladder?.NextAt => DeadlineKind.LadderStep,
        _ when due == device.Compliance.NextChangeAt => DeadlineKind.TimeRule,
        _ when due == NextDaily(device, due.AddTicks(-1)) => DeadlineKind.Daily,
        _ => DeadlineKind.PolicyChange,
    };

    /// <summary>True when nothing is overdue and no policy has changed.</summary>
    internal static bool IsUpToDate(Device device, in PolicyAssignment assignment, DateTimeOffset now) =>
        !(device.NextDueAt <= now) && !ComplianceRules.IsJudgedByAnother(device, assignment);

    /// <summary>
    /// Everything that is overdue, in the order of its instants, by the policy that was in force at each: what comes out does not
    /// depend on how late it is asked for. What falls due at the instant of a change is acted on before the change.
    /// </summary>
    internal static void CatchUp(DeviceTurn turn, in PolicyAssignment assignment)
    {
        var now = turn.Now;
        if (IsUpToDate(turn.Device, assignment, now))
        {
            return;
        }

        if (ComplianceRules.IsJudgedByAnother(turn.Device, assignment))
        {
            ActUnderSuperseded(turn, assignment);
            ChangePolicy(turn, assignment);
        }

        ActUntil(turn, assignment, now);
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

    internal static DateTimeOffset? NextDueAt(Device device, DateTimeOffset now) => ComplianceRules.IsJudged(device)
        ? Instants.Earlier(NextTurn(device), NextDaily(device, device.Compliance.EvaluatedAt ?? now))
        : NextTurn(device);

    /// <summary>The next instant at which time alone may change something; the daily evaluation, which finds nothing new, is none.</summary>
    internal static DateTimeOffset? NextTurn(Device device)
    {
        var expiry = CommandMoves.NextInstant(device.Commands);
        if (!ComplianceRules.IsJudged(device))
        {
            return expiry;
        }

        var episode = Instants.Earlier(ComplianceRules.PendingGraceEnd(device), device.Compliance.Ladder?.NextAt);
        return Instants.Earlier(Instants.Earlier(expiry, device.Compliance.NextChangeAt), episode);
    }

    private static void ActUnderSuperseded(DeviceTurn turn, in PolicyAssignment assignment)
    {
        if (assignment.Superseded.IsDefaultOrEmpty)
        {
            ActUntil(turn, null, Earlier(assignment.EffectiveAt, turn.Now));
            return;
        }

        for (var i = 0; i < assignment.Superseded.Length; i++)
        {
            var past = assignment.Superseded[i];
            var end = i + 1 < assignment.Superseded.Length ? assignment.Superseded[i + 1].EffectiveAt : assignment.EffectiveAt;
            if (ComplianceRules.IsJudgedByAnother(turn.Device, past))
            {
                ChangePolicy(turn, past);
            }

            ActUntil(turn, past, Earlier(end, turn.Now));
        }
    }

    // Not before what was judged already: this silo may have heard of the change late.
    private static void ChangePolicy(DeviceTurn turn, in PolicyAssignment assignment) =>
        ComplianceRules.Evaluate(turn, assignment, Earlier(Instants.Later(assignment.EffectiveAt, turn.Device.Compliance.EvaluatedAt), turn.Now));

    /// <param name="assignment">By which the device was judged last; null when that is not known any more: then only what is stored can be acted on.</param>
    private static void ActUntil(DeviceTurn turn, PolicyAssignment? assignment, DateTimeOffset until)
    {
        for (var i = 0; i < MaxActions && ActOnNext(turn, assignment, until); i++)
        {
        }
    }

    /// <summary>Acts on the earliest of what is overdue; false when nothing is. At one instant: what ends, then what is found, then what follows.</summary>
    private static bool ActOnNext(DeviceTurn turn, PolicyAssignment? assignment, DateTimeOffset until)
    {
        var device = turn.Device;
        var isJudged = ComplianceRules.IsJudged(device);
        var expiry = CommandMoves.NextInstant(device.Commands);
        var grace = isJudged ? ComplianceRules.PendingGraceEnd(device) : null;
        var change = isJudged && assignment is not null ? device.Compliance.NextChangeAt : null;
        var step = isJudged && assignment is not null ? device.Compliance.Ladder?.NextAt : null;
        var next = Instants.Earlier(Instants.Earlier(expiry, grace), Instants.Earlier(change, step));
        if (next is not { } at || at > until)
        {
            return false;
        }

        if (at == expiry)
        {
            CommandMoves.EndOverdue(turn, at);
        }
        else if (at == grace)
        {
            ComplianceRules.EndGrace(turn, at);
        }
        else if (at == change)
        {
            ComplianceRules.Evaluate(turn, assignment!.Value, at); // there is none without it
        }
        else
        {
            LadderRules.TakeDue(turn, assignment!.Value, at);
        }

        return true;
    }

    /// <summary>Once in 24 hours, at a second of the day that the device's name gives: a fleet that enrolled in one minute is spread over the day.</summary>
    internal static DateTimeOffset NextDaily(Device device, DateTimeOffset from)
    {
        const int SecondsPerDay = 86_400;
        var midnight = new DateTimeOffset(from.UtcDateTime.Date, TimeSpan.Zero);
        var slot = midnight.AddSeconds(device.Id.StableHash / 256 % SecondsPerDay);
        return slot > from ? slot : slot.AddDays(1);
    }

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
