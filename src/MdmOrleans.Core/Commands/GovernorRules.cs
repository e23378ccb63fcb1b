using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Commands;

/// <summary>Whether a wipe or a retirement may go, or waits for a person.</summary>
public static class GovernorRules
{
    public const string ApprovalRequired = "approvalRequired";
    public const string HoldWindow = "holdWindow";
    public const string TooManyInWindow = "tooManyInWindow";
    public const string TooManyInDay = "tooManyInDay";
    public const string TooManyOfFleet = "tooManyOfFleet";

    /// <summary>A wipe that loss asked for, where the tenant wants a person to look first.</summary>
    public const string Lost = "lostWipe";

    /// <summary>Judges one more. What was let through once is let through again: a pass belongs to its command.</summary>
    /// <param name="fleet">Devices of the tenant that checked in within <see cref="Fleet.Memory"/>.</param>
    /// <returns>The judgement, and the ledger from now on; the same instance where there is nothing to store.</returns>
    public static (Judgement Judgement, GovernorLedger Ledger) Judge(
        GovernorSettings settings, GovernorLedger ledger, Guid command, long fleet, DateTimeOffset now)
    {
        var since = now - TimeSpan.FromMinutes(settings.WindowMinutes);
        var inWindow = ledger.Passes.Count(pass => pass.At > since);
        if (ledger.Passes.Any(pass => pass.At > since && pass.Command == command))
        {
            return (Judgement.Pass(command), ledger);
        }

        var heldBecause = settings switch
        {
            { Approval: GovernorApproval.TwoPerson } => ApprovalRequired,
            { HoldMinutes: > 0 } => HoldWindow,
            _ when inWindow >= settings.MaxInWindow => TooManyInWindow,
            _ when ledger.CountDay(now) >= settings.MaxPerDay.Of(fleet) => TooManyInDay,
            _ when inWindow >= Math.Max(1, (long)Math.Floor(fleet * settings.MaxPercent / 100)) => TooManyOfFleet,
            _ => null,
        };
        return heldBecause is null
            ? (Judgement.Pass(command), ledger.Add(settings, command, now))
            : (Judgement.Hold(heldBecause), ledger);
    }

    /// <summary>Counts what a person approved: it goes, however many have gone, and leaves that much less for the others.</summary>
    /// <returns>The same instance where the command was counted already.</returns>
    public static GovernorLedger CountApproved(GovernorSettings settings, GovernorLedger ledger, Guid command, DateTimeOffset now) =>
        ledger.Passes.Any(pass => pass.Command == command) ? ledger : ledger.Add(settings, command, now);

    /// <summary>What neither of the two would hold, and nothing else.</summary>
    public static GovernorSettings Tightest(GovernorSettings left, GovernorSettings right) => new(
        Math.Min(left.MaxInWindow, right.MaxInWindow),
        Math.Max(left.WindowMinutes, right.WindowMinutes),
        Math.Min(left.MaxPercent, right.MaxPercent),
        left.Approval > right.Approval ? left.Approval : right.Approval,
        Math.Max(left.HoldMinutes, right.HoldMinutes))
    {
        MaxPerDay = new DailyLimit(
            Math.Min(left.MaxPerDay.Devices, right.MaxPerDay.Devices), Math.Min(left.MaxPerDay.Percent, right.MaxPerDay.Percent)),
    };

    /// <summary>True when <paramref name="after"/> lets through something that <paramref name="before"/> would hold.</summary>
    public static bool Loosens(GovernorSettings before, GovernorSettings after) =>
        after.MaxInWindow > before.MaxInWindow
        || after.WindowMinutes < before.WindowMinutes
        || after.MaxPercent > before.MaxPercent
        || after.MaxPerDay.Devices > before.MaxPerDay.Devices
        || after.MaxPerDay.Percent > before.MaxPerDay.Percent
        || after.Approval < before.Approval
        || after.HoldMinutes < before.HoldMinutes;
}
