using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tenancy;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.Tenancy;

/// <summary>A silo keeps judging by what it knows until it has read something newer completely.</summary>
public sealed class TenantCatalogTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_in_does_not_wait_for_a_refresh_that_hangs()
    {
        var (tenant, catalog) = await CreateAsync("hangs");
        var released = new TaskCompletionSource();
        await HangAsync(tenant, released.Task);
        var refreshing = catalog.RefreshAllAsync();

        var verdict = await CheckInAsync("hangs/t1");
        var isStillReading = !refreshing.IsCompleted;
        released.SetResult();
        await refreshing;

        Assert.Equal(ComplianceStatus.Compliant, verdict.Compliance);
        Assert.True(isStillReading);
    }

    [Fact]
    public async Task A_refresh_that_fails_leaves_the_last_known_policies_in_force()
    {
        var (tenant, catalog) = await CreateAsync("fails");
        await FailAsync("tenant", tenant);

        await catalog.RefreshAllAsync();
        var verdict = await CheckInAsync("fails/t1");
        cluster.StateFaults.Mend("tenant", tenant);

        Assert.Equal(new PolicyVersion("baseline", 1), verdict.Policy);
    }

    [Fact]
    public async Task A_tenant_that_cannot_be_read_does_not_keep_the_others_from_being_repaired()
    {
        var (broken, catalog) = await CreateAsync("a-broken");
        await CreateAsync("b-missed");
        await FailAsync("tenant", broken);
        cluster.IsDeaf = true;
        await cluster.PutPolicyAsync("b-missed/baseline", APolicyThatAsksFor("17"));
        cluster.IsDeaf = false;

        await catalog.RefreshAllAsync();
        var view = await catalog.FindAsync(TenantId.Parse("b-missed"));
        cluster.StateFaults.Mend("tenant", broken);

        Assert.Equal(2, view?.Policies["baseline"].Version.Version);
    }

    [Fact]
    public async Task A_policy_of_the_same_number_and_other_content_is_compiled_again()
    {
        var (_, catalog) = await CreateAsync("same-number");
        var policy = cluster.Grains.GetGrain<IPolicyGrain>("same-number/baseline");
        var kept = cluster.CopyState("policy", policy);
        await cluster.PutPolicyAsync("same-number/baseline", APolicyThatAsksFor("17"));
        await cluster.RestoreStateAsync("policy", policy, kept);
        cluster.IsDeaf = true; // as if this silo had compiled a version 2 that was lost
        await cluster.PutPolicyAsync("same-number/baseline", APolicyThatAsksFor("15"));
        cluster.IsDeaf = false;

        await catalog.RefreshAllAsync();
        var view = await catalog.FindAsync(TenantId.Parse("same-number"));

        Assert.Equal(2, view?.Policies["baseline"].Version.Version);
        Assert.Equal(ComplianceStatus.Compliant, (await CheckInAsync("same-number/t1")).Compliance);
    }

    private async Task HangAsync(ITenantGrain tenant, Task until)
    {
        cluster.StateFaults.HoldReads("tenant", tenant, until);
        await cluster.ForgetAsync(tenant);
    }

    private async Task FailAsync(string state, ITenantGrain tenant)
    {
        cluster.StateFaults.FailReads(state, tenant, new InvalidDataException("The row is damaged."));
        await cluster.ForgetAsync(tenant);
    }

    /// <summary>One device that has checked in, and the catalog of the silo that judged it.</summary>
    private async Task<(ITenantGrain Tenant, TenantCatalog Catalog)> CreateAsync(string tenant)
    {
        await cluster.CreateTenantAsync(tenant);
        await cluster.PutPolicyAsync($"{tenant}/baseline", APolicyThatAsksFor("16"));
        await cluster.PutTenantAsync(tenant, "baseline");
        await cluster.CreateDeviceAsync($"{tenant}/t1");
        await CheckInAsync($"{tenant}/t1");
        await cluster.MoveAsync($"{tenant}/t1", cluster.Silos[0]);
        await CheckInAsync($"{tenant}/t1");
        return (cluster.Grains.GetGrain<ITenantGrain>(tenant), cluster.Catalog(cluster.Silos[0]));
    }

    private async Task<Verdict> CheckInAsync(string device) =>
        (await cluster.CheckIns(device).CheckInAsync(ACheckIn("16.5"), Cancellation)).Value!; // accepted in all of these tests
}
