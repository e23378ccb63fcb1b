using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyReaderTests
{
    internal const string Example = """
        { "name": "Baseline", "platforms": ["android", "ios"],
          "rules": [
            { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "14", "ios": "16.5" }, "remediation": "Update to {{expected}}." },
            { "id": "encrypted", "kind": "encryption" },
            { "id": "hardware-keys", "kind": "keyProtection", "severity": "advisory" },
            { "id": "not-jailbroken", "kind": "jailbreak" },
            { "id": "patched", "kind": "patchLevel", "maximumAgeDays": 60 },
            { "id": "apps", "kind": "apps", "blocked": ["com.example.sideload"], "required": [{ "id": "com.microsoft.teams", "minimumVersion": "1.0" }] },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 720 },
            { "id": "vpn", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" },
            { "any": [ { "id": "a", "kind": "passcode" }, { "id": "b", "kind": "attribute", "path": "/attributes/kiosk", "operator": "equals", "value": true } ], "id": "locked-down" }
          ],
          "graceHours": 48,
          "onNoncompliance": [ { "afterHours": 0, "action": "notify" }, { "afterHours": 720, "action": "nominateRetire" } ],
          "onRetire": "retire",
          "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "timeZone": "device" },
          "checkInSeconds": 900 }
        """;

    [Fact]
    public void The_example_of_the_interface_is_a_policy()
    {
        var policy = Given.APolicy(Example);

        Assert.Equal("Baseline", policy.Name);
        Assert.Equal([Platform.Android, Platform.Ios], policy.Platforms!.Value.AsEnumerable());
        Assert.Equal(
            ["os-minimum", "encrypted", "hardware-keys", "not-jailbroken", "patched", "apps", "heard-from", "vpn", "locked-down"],
            policy.Rules.Select(r => r.Id));
        Assert.Equal(TimeSpan.FromHours(48), policy.Grace);
        Assert.Equal(TimeSpan.FromSeconds(900), policy.CheckInInterval);
        Assert.Equal(
            [new LadderStep(TimeSpan.Zero, LadderAction.Notify, null), new LadderStep(TimeSpan.FromHours(720), LadderAction.NominateRetire, null)],
            policy.OnNoncompliance.AsEnumerable());
        Assert.Equal(new PatchWindow(DayOfWeek.Sunday, new TimeOnly(2, 0), TimeSpan.FromHours(2), TimeZone: null), policy.PatchWindow);
    }
}
