using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.Tenancy;

/// <summary>Every silo judges by what is stored, at once where it was told and within ten seconds where it was not.</summary>
public sealed class PolicyChangeTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private const int RepairSeconds = 10;
    private const int LookAgain = 400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_policy_judges_the_next_check_in_on_every_silo()
    {
        await CreateAsync("everywhere", "everywhere/on-0", "everywhere/on-1");
        await cluster.MoveAsync("everywhere/on-0", cluster.Silos[0]);
        await cluster.MoveAsync("everywhere/on-1", cluster.Silos[1]);
        Assert.Equal(ComplianceStatus.Compliant, (await CheckInAsync("everywhere/on-0")).Compliance);
        Assert.Equal(ComplianceStatus.Compliant, (await CheckInAsync("everywhere/on-1")).Compliance);

        await cluster.PutPolicyAsync("everywhere/baseline", APolicyThatAsksFor("17"));

        foreach (var device in new[] { "everywhere/on-0", "everywhere/on-1" })
        {
            var verdict = await CheckInAsync(device);
            Assert.Equal(ComplianceStatus.InGracePeriod, verdict.Compliance);
            Assert.Equal(new PolicyVersion("baseline", 2), verdict.Policy);
            Assert.Equal("os", Assert.Single(verdict.Findings).Rule);
        }
    }

    [Fact]
    public async Task A_silo_that_missed_the_announcement_reads_the_policy_by_itself()
    {
        await CreateAsync("deaf", "deaf/t1");
        Assert.Equal(1, (await CheckInAsync("deaf/t1")).Policy?.Version);
        cluster.IsDeaf = true;
        await cluster.PutPolicyAsync("deaf/baseline", APolicyThatAsksFor("17"));
        cluster.IsDeaf = false;
        Assert.Equal(1, (await CheckInAsync("deaf/t1")).Policy?.Version);

        cluster.Time.Advance(TimeSpan.FromSeconds(RepairSeconds));

        var verdict = await CheckInAsync("deaf/t1");
        for (var look = 0; look < LookAgain && verdict.Policy?.Version == 1; look++) // the reading goes over other grains
        {
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Cancellation);
            verdict = await CheckInAsync("deaf/t1");
        }

        Assert.Equal(2, verdict.Policy?.Version);
        Assert.Equal(ComplianceStatus.InGracePeriod, verdict.Compliance);
    }

    [Fact]
    public async Task The_same_policy_again_keeps_its_version_and_writes_nothing_for_a_device()
    {
        await CreateAsync("same-policy", "same-policy/t1");
        await CheckInAsync("same-policy/t1");
        var before = await cluster.Twin("same-policy/t1").ReadAsync(Cancellation);

        await cluster.PutPolicyAsync("same-policy/baseline", APolicyThatAsksFor("16"));
        var verdict = await CheckInAsync("same-policy/t1");

        Assert.Equal(1, verdict.Policy?.Version);
        Assert.Equal(before?.Version, (await cluster.Twin("same-policy/t1").ReadAsync(Cancellation))?.Version);
    }

    private async Task CreateAsync(string tenant, params string[] devices)
    {
        await cluster.CreateTenantAsync(tenant);
        await cluster.PutPolicyAsync($"{tenant}/baseline", APolicyThatAsksFor("16"));
        await cluster.PutTenantAsync(tenant, "baseline");
        foreach (var device in devices)
        {
            await cluster.CreateDeviceAsync(device);
        }
    }

    private async Task<Verdict> CheckInAsync(string device) =>
        (await cluster.CheckIns(device).CheckInAsync(ACheckIn("16.5"), Cancellation)).Value!; // accepted in all of these tests
}
