using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class NominationTests(ApiFixture api)
{
    private const string NominatesAtOnce =
        """
        { "name": "Baseline", "rules": [ { "id": "locked", "kind": "passcode" } ],
          "onNoncompliance": [ { "afterHours": 0, "action": "nominateRetire" } ] }
        """;

    [Fact]
    public async Task A_device_that_the_ladder_nominated_is_listed_until_a_human_dismisses_it()
    {
        var (tenant, device) = await ANominatedDeviceAsync();

        var listed = await api.Admin.GetAsync($"{tenant}/nominations");
        var dismissed = await api.Admin.PostAsync($"{tenant}/nominations/{device}/dismiss");
        var again = await api.Admin.PostAsync($"{tenant}/nominations/{device}/dismiss");

        Assert.Equal([device], listed.Items("device"));
        Assert.Equal("locked", listed.Json.GetProperty("items")[0].GetProperty("rules")[0].GetString());
        Assert.Equal((200, "inGracePeriod"), (dismissed.Status, dismissed.Text("compliance")));
        Assert.Equal((404, "nomination_not_found"), (again.Status, again.Code));
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/nominations")).Items("device"));
    }

    [Fact]
    public async Task A_nominated_device_is_retired_and_no_other()
    {
        var (tenant, device) = await ANominatedDeviceAsync();
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "other" }""");

        var retired = await api.Admin.PostAsync($"{tenant}/nominations/{device}/retire");
        var again = await api.Admin.PostAsync($"{tenant}/nominations/{device}/retire");
        var other = await api.Admin.PostAsync($"{tenant}/nominations/other/retire");
        var nobody = await api.Admin.PostAsync($"{tenant}/nominations/nobody/retire");

        Assert.Equal((200, "Retired"), (retired.Status, retired.Text("lifecycle")));
        Assert.Equal((200, "Retired"), (again.Status, again.Text("lifecycle")));
        Assert.Equal((404, "nomination_not_found"), (other.Status, other.Code));
        Assert.Equal((404, "device_not_found"), (nobody.Status, nobody.Code));
        Assert.Equal("Provisioned", (await api.Admin.GetAsync($"{tenant}/devices/other")).Text("lifecycle"));
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/nominations")).Items("device"));
    }

    [Fact]
    public async Task A_reader_sees_nominations_and_dismisses_none()
    {
        var (tenant, device) = await ANominatedDeviceAsync();
        var reader = await api.AsAsync("reader", tenant["/v1/tenants/".Length..]);

        Assert.Equal(200, (await reader.GetAsync($"{tenant}/nominations")).Status);
        Assert.Equal(403, (await reader.PostAsync($"{tenant}/nominations/{device}/dismiss")).Status);
        Assert.Equal(403, (await reader.PostAsync($"{tenant}/nominations/{device}/retire")).Status);
    }

    [Fact]
    public async Task The_summary_says_how_far_the_newest_version_of_a_policy_has_come()
    {
        var (tenant, _) = await ANominatedDeviceAsync();

        var answer = await api.Admin.GetAsync($"{tenant}/summary");

        Assert.Equal("""{"version":1,"done":1,"total":1}""", answer.Json.GetProperty("policies").GetProperty("baseline").GetRawText());
    }

    private async Task<(string Tenant, string Device)> ANominatedDeviceAsync()
    {
        var path = await api.ADeviceAsync();
        var tenant = path[..path.IndexOf("/devices", StringComparison.Ordinal)];
        await api.Admin.PutAsync($"{tenant}/policies/baseline", NominatesAtOnce);
        await api.Admin.PutAsync(tenant, """{ "name": "Acme", "defaultPolicy": "baseline" }""");
        var posture = new Posture { Platform = Platform.Android, OsVersion = "16", EncryptionStatus = EncryptionStatus.Encrypted, PasscodeSet = false };
        await api.CheckInAsync(tenant["/v1/tenants/".Length..], "tablet-7", posture);
        return (tenant, path[(path.LastIndexOf('/') + 1)..]);
    }
}
