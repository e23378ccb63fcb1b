using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class TwinTests(ApiFixture api)
{
    private const string Apps = """[ { "id":"com.salesforce.chatter", "version":"252.0" } ]""";
    private const string Attributes = """{ "battery" : 88, "vpn": {"state":"up"}, "ratio": 1.0 }""";

    [Fact]
    public async Task What_a_device_said_is_passed_on_as_it_came()
    {
        var tenant = await ATenantWithAPolicyAsync();

        await api.CheckInAsync(tenant, "phone", APosture("16.5"));
        var twin = (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/phone")).Json;

        Assert.Equal(Apps, twin.GetProperty("apps").GetRawText());
        Assert.Equal(Attributes, twin.GetProperty("attributes").GetRawText());
        Assert.Equal("2026-11-05", twin.GetProperty("patchLevel").GetString());
        Assert.Equal(("ios", "16.5"), (twin.GetProperty("platform").GetString(), twin.GetProperty("osVersion").GetString()));
        Assert.Equal(twin.GetProperty("lastSeenAt").GetString(), twin.GetProperty("lastCheckInAt").GetString());
        Assert.EndsWith("Z", twin.GetProperty("lastSeenAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_finding_says_why_a_device_is_not_compliant()
    {
        var tenant = await ATenantWithAPolicyAsync();

        await api.CheckInAsync(tenant, "phone", APosture("16.4"));
        var answer = await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/phone");

        Assert.Equal(("Active", "inGracePeriod", "allow"), (answer.Text("lifecycle"), answer.Text("compliance"), answer.Text("access")));
        Assert.Equal("""{"id":"baseline","version":1}""", answer.Json.GetProperty("policy").GetRawText());
        Assert.Equal(TimeSpan.FromHours(48), Instant(answer, "graceEndsAt") - Instant(answer, "noncompliantSince"));
        var finding = Assert.Single(answer.Json.GetProperty("findings").EnumerateArray());
        Assert.StartsWith(
            """{"rule":"os-minimum","status":"noncompliant","severity":"required","expected":">= 16.5","actual":"16.4","reportedAt":""",
            finding.GetRawText(),
            StringComparison.Ordinal);
        Assert.Equal("Update to 16.5 or later.", finding.GetProperty("remediation").GetString());
    }

    [Fact]
    public async Task The_list_finds_a_device_by_what_was_decided_about_it()
    {
        var tenant = await ATenantWithAPolicyAsync();
        await api.CheckInAsync(tenant, "phone", APosture("16.4"));

        var inGrace = await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices?compliance=inGracePeriod&access=allow&lifecycle=Active");
        var compliant = await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices?compliance=compliant");

        Assert.Equal(["phone"], inGrace.Items("device"));
        Assert.Empty(compliant.Items("device"));
    }

    private async Task<string> ATenantWithAPolicyAsync()
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync(
            $"/v1/tenants/{tenant}/policies/baseline",
            """
            { "name": "Baseline", "rules": [
              { "id": "os-minimum", "kind": "osVersion", "minimum": { "ios": "16.5" }, "remediation": "Update to {{expected}}." },
              { "id": "encrypted", "kind": "encryption" } ] }
            """);
        await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a", "defaultPolicy": "baseline" }""");
        await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "phone" }""");
        return tenant;
    }

    private static Posture APosture(string osVersion) => new()
    {
        Platform = Platform.Ios,
        OsVersion = osVersion,
        EncryptionStatus = EncryptionStatus.Encrypted,
        PatchLevel = new DateOnly(2026, 11, 5),
        Apps = Utf8Block.FromText(Apps),
        Attributes = Utf8Block.FromText(Attributes),
    };

    private static DateTimeOffset Instant(ApiAnswer answer, string member) => answer.Json.GetProperty(member).GetDateTimeOffset();
}
