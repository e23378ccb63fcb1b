using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Commands;

public sealed class GovernorChangeTests
{
    private static readonly GovernorSettings Looser = GovernorSettings.Default with { MaxInWindow = 500 };

    [Fact]
    public void A_looser_governor_comes_into_force_a_day_after_it_was_asked_for_and_not_before()
    {
        var (inForce, pending) = GovernorChangeRules.Ask(A.Tenant(), Looser, "key:admin", hasDevices: true, A.Now);
        var tenant = A.Tenant() with { PendingGovernor = pending };

        Assert.Equal(GovernorSettings.Default, inForce);
        Assert.Same(tenant, tenant.At(A.Now.AddHours(24).AddTicks(-1)));
        Assert.Equal((Looser, null, 2), (tenant.At(A.Now.AddHours(24)).Settings.Governor, tenant.At(A.Now.AddHours(24)).PendingGovernor, tenant.At(A.Now.AddHours(24)).Version));
    }

    [Fact]
    public void Asking_again_for_the_same_neither_begins_the_day_anew_nor_changes_whose_it_is()
    {
        var tenant = A.Tenant() with { PendingGovernor = new GovernorChange(Looser, "key:admin", A.Now) };

        var (_, pending) = GovernorChangeRules.Ask(tenant, Looser, "key:other", hasDevices: true, A.Now.AddHours(23));

        Assert.Equal(tenant.PendingGovernor, pending);
    }

    [Fact]
    public void Of_a_change_that_does_both_only_what_tightens_counts_at_once()
    {
        var both = GovernorSettings.Default with { MaxInWindow = 500, HoldMinutes = 30 };

        var (inForce, pending) = GovernorChangeRules.Ask(A.Tenant(), both, "key:admin", hasDevices: true, A.Now);

        Assert.Equal(GovernorSettings.Default with { HoldMinutes = 30 }, inForce);
        Assert.Equal(both, pending!.Settings);
    }

    [Fact]
    public void A_change_that_is_approved_comes_into_force_and_one_that_is_rejected_is_forgotten()
    {
        var tenant = A.Tenant() with { PendingGovernor = new GovernorChange(Looser, "key:admin", A.Now) };

        var approved = GovernorChangeRules.Decide(tenant, true).Value!;
        var rejected = GovernorChangeRules.Decide(tenant, false).Value!;

        Assert.Equal((Looser, null), (approved.Settings.Governor, approved.PendingGovernor));
        Assert.Equal((GovernorSettings.Default, null), (rejected.Settings.Governor, rejected.PendingGovernor));
        Assert.Equal(ProblemCatalog.HoldNotFound, GovernorChangeRules.Decide(rejected, true).Problem);
    }
}
