using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Compliance;

/// <summary>A device that no policy covers: since when it fails.</summary>
public sealed class UncoveredDeviceTests
{
    private const string ForApple = """{ "name": "Baseline", "platforms": ["ios"], "rules": [ { "id": "pin", "kind": "passcode" } ] }""";

    [Theory]
    [InlineData(null)]
    [InlineData("baseline")]
    public void It_fails_from_when_the_version_was_stored_that_covers_it_no_more(string? own)
    {
        var device = A.ActiveDevice() with { AssignedPolicy = own, PolicyAssignedAt = own is null ? null : A.Now.AddHours(-1) };
        var narrowed = A.TenantView(A.Policy(ForApple, version: 2, storedAt: A.Now.AddHours(3)));

        var decision = Judge(device, narrowed, A.Now.AddHours(5));

        Assert.Equal(A.Now.AddHours(3), decision.Device.Compliance.NoncompliantSince);
        Assert.Equal(A.Now.AddHours(3), decision.Device.Access.DecidedAt);
        Assert.All(decision.Events, e => Assert.Equal(A.Now.AddHours(3), e.At));
    }

    [Fact]
    public void It_fails_from_when_the_tenant_decided_that_it_does()
    {
        var lenient = A.TenantView(A.Policy(ForApple));
        lenient = lenient with { Tenant = lenient.Tenant with { Settings = lenient.Tenant.Settings with { NoncompliantWithoutPolicy = false } } };
        var device = Accept(A.Device() with { AssignedPolicy = "baseline", PolicyAssignedAt = A.Now.AddHours(-1) }, lenient);
        var strict = A.TenantView(A.Policy(ForApple));
        strict = strict with { Tenant = strict.Tenant with { DefaultPolicySince = A.Now.AddHours(3) } };

        var decision = Judge(device, strict, A.Now.AddHours(5));

        Assert.Equal(ComplianceStatus.Compliant, device.Compliance.Status);
        Assert.Equal(A.Now.AddHours(3), decision.Device.Compliance.NoncompliantSince);
    }

    [Fact]
    public void It_fails_from_its_first_check_in_and_not_from_before_it_was_there()
    {
        var device = Accept(A.Device(), A.TenantView());

        Assert.Equal((ComplianceStatus.Noncompliant, A.Now), (device.Compliance.Status, device.Compliance.NoncompliantSince));
    }

    private static Device Accept(Device device, TenantView tenant) =>
        CheckInRules.Accept(device, A.CheckIn(), tenant.Assign(device, Platform.Android), A.Now).Device;

    private static Decision Judge(Device device, TenantView tenant, DateTimeOffset now) =>
        DeadlineRules.Act(device, tenant.Assign(device, device.Platform), now);
}
