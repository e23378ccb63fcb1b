using System.Collections.Immutable;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Commands;

/// <summary>One wipe or retirement that was let through.</summary>
[GenerateSerializer, Immutable, Alias("mdm.GovernorPass")]
public sealed record GovernorPass([property: Id(0)] Guid Command, [property: Id(1)] DateTimeOffset At);

/// <summary>Whether a wipe or a retirement may go, or waits for a person.</summary>
public static class GovernorRules
{
    public const string ApprovalRequired = "approvalRequired";
    public const string HoldWindow = "holdWindow";
    public const string TooManyInWindow = "tooManyInWindow";
    public const string TooManyOfFleet = "tooManyOfFleet";

    /// <summary>A wipe that loss asked for, where the tenant wants a person to look first.</summary>
    public const string Lost = "lostWipe";

    /// <summary>Judges one more. What was let through once is let through again: a pass belongs to its command.</summary>
    /// <param name="passes">Those that may still count; what is returned holds no more than the window can need.</param>
    /// <param name="fleet">Devices of the tenant.</param>
    /// <returns>Why it is held, or null, and the passes from now on.</returns>
    public static (string? HeldBecause, ImmutableArray<GovernorPass> Passes) Judge(
        GovernorSettings settings, ImmutableArray<GovernorPass> passes, Guid command, long fleet, DateTimeOffset now)
    {
        var since = now - TimeSpan.FromMinutes(settings.WindowMinutes);
        ImmutableArray<GovernorPass> counted = [.. passes.Where(p => p.At > since)];
        if (counted.Any(p => p.Command == command))
        {
            return (null, counted);
        }

        var ofFleet = Math.Max(1, (long)Math.Floor(fleet * settings.MaxPercent / 100));
        var heldBecause = settings switch
        {
            { Approval: GovernorApproval.TwoPerson } => ApprovalRequired,
            { HoldMinutes: > 0 } => HoldWindow,
            _ when counted.Length >= settings.MaxInWindow => TooManyInWindow,
            _ when counted.Length >= ofFleet => TooManyOfFleet,
            _ => null,
        };
        return (heldBecause, heldBecause is null ? counted.Add(new GovernorPass(command, now)) : counted);
    }

    /// <summary>What neither of the two would hold, and nothing else.</summary>
    public static GovernorSettings Tightest(GovernorSettings left, GovernorSettings right) => new(
        Math.Min(left.MaxInWindow, right.MaxInWindow),
        Math.Max(left.WindowMinutes, right.WindowMinutes),
        Math.Min(left.MaxPercent, right.MaxPercent),
        left.Approval > right.Approval ? left.Approval : right.Approval,
        Math.Max(left.HoldMinutes, right.HoldMinutes));

    /// <summary>True when <paramref name="after"/> lets through something that <paramref name="before"/> would hold.</summary>
    public static bool Loosens(GovernorSettings before, GovernorSettings after) =>
        after.MaxInWindow > before.MaxInWindow
        || after.WindowMinutes < before.WindowMinutes
        || after.MaxPercent > before.MaxPercent
        || after.Approval < before.Approval
        || after.HoldMinutes < before.HoldMinutes;
}
