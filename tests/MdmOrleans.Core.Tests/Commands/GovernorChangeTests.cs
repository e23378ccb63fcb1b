using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Commands;

public sealed class GovernorChangeTests
{
    private static readonly GovernorSettings Looser = GovernorSettings.Default with { MaxInWindow = 500 };
    private static readonly AccessKey Second = new("second", KeyRole.Admin, null, A.Token, A.Now.AddDays(-30));

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
    public void A_second_administrator_decides_and_the_first_does_not()
    {
        var tenant = A.Tenant() with { PendingGovernor = new GovernorChange(Looser, "key:admin", A.Now) };
        var own = Second with { Name = "admin" };

        Assert.Equal(ProblemCatalog.HoldOwn, GovernorChangeRules.Decide(tenant, true, own, A.Now).Problem);
        Assert.Equal(Looser, GovernorChangeRules.Decide(tenant, true, Second, A.Now).Value!.Settings.Governor);
        Assert.Equal(GovernorSettings.Default, GovernorChangeRules.Decide(tenant, false, Second, A.Now).Value!.Settings.Governor);
    }
}
