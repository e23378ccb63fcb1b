using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tenancy;

/// <summary>Tightening the governor counts at once; loosening it counts after a day, or when a second person says so.</summary>
public static class GovernorChangeRules
{
    public static TimeSpan Delay { get; } = TimeSpan.FromHours(24);

    /// <summary>The governor in force after a request, and what of it has to wait.</summary>
    /// <param name="hasDevices">False: there is nothing to guard yet, and whatever is asked for counts at once.</param>
    public static (GovernorSettings InForce, GovernorChange? Pending) Ask(
        Tenant before, GovernorSettings asked, string actor, bool hasDevices, DateTimeOffset now)
    {
        var current = before.Settings.Governor;
        if (asked == current)
        {
            return (current, before.PendingGovernor); // who sends back what was read asks for nothing, and takes nothing back
        }

        if (!hasDevices || !GovernorRules.Loosens(current, asked))
        {
            return (asked, null);
        }

        // Asking again for the same does not begin the day anew, and does not make it somebody else's.
        var pending = before.PendingGovernor is { } known && known.Settings == asked ? known : new GovernorChange(asked, actor, now);
        return (GovernorRules.Tightest(current, asked), pending);
    }

    /// <summary>It comes into force now, or never. Who may approve is for <see cref="SecondPersonRules"/> to say.</summary>
    public static Outcome<Tenant> Decide(Tenant tenant, bool isApproved)
    {
        if (tenant.PendingGovernor is not { } pending)
        {
            return ProblemCatalog.HoldNotFound;
        }

        var governor = isApproved ? pending.Settings : tenant.Settings.Governor;
        return tenant with { Version = tenant.Version + 1, Settings = tenant.Settings with { Governor = governor }, PendingGovernor = null };
    }
}
