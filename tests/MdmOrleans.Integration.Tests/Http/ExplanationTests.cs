using System.Globalization;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class ExplanationTests(ApiFixture api)
{
    [Fact]
    public async Task Every_rule_step_and_cure_is_told_and_nothing_is_changed()
    {
        var device = await AFailingDeviceAsync();
        var before = await api.Admin.GetAsync(device);

        var answer = await api.Admin.GetAsync($"{device}/explain");

        Assert.Equal((200, "inGracePeriod", "allow"), (answer.Status, answer.Text("compliance"), answer.Text("access")));
        var rules = answer.Json.GetProperty("rules").EnumerateArray().ToArray();
        Assert.Equal(["os noncompliant >= 16.5 16.4", "encrypted compliant encrypted encrypted"], rules.Select(rule =>
            $"{rule.GetProperty("rule")} {rule.GetProperty("status")} {rule.GetProperty("expected")} {rule.GetProperty("actual")}"));
        var end = before.Json.GetProperty("graceEndsAt").GetDateTimeOffset();
        var coming = answer.Json.GetProperty("coming").EnumerateArray().ToArray();
        Assert.Equal(
            ["complianceChanged noncompliant", "lifecycleChanged Quarantined", "accessChanged quarantine"],
            coming.Select(step => $"{step.GetProperty("kind")} {step.GetProperty("to")}"));
        Assert.All(coming, step => Assert.Equal(end, step.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal("Update to 16.5 or later.", answer.Json.GetProperty("remedies")[0].GetProperty("cure").GetString());
        Assert.False(answer.Json.TryGetProperty("notKept", out _));
        Assert.Equal(before.Body, (await api.Admin.GetAsync(device)).Body);
    }

    [Fact]
    public async Task A_past_instant_is_explained_by_the_policy_of_then()
    {
        var device = await AFailingDeviceAsync();
        var events = (await api.Admin.GetAsync($"{device}/events")).Json.GetProperty("items").EnumerateArray().ToArray();
        var at = events[^1].GetProperty("at").GetDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
        await api.Admin.PutAsync($"{device[..device.IndexOf("/devices", StringComparison.Ordinal)]}/policies/baseline", """{ "name": "Baseline", "rules": [] }""");

        var answer = await api.Admin.GetAsync($"{device}/explain?at={at}");

        Assert.Equal((200, "inGracePeriod"), (answer.Status, answer.Text("compliance")));
        Assert.Equal("""{"id":"baseline","version":1}""", answer.Json.GetProperty("policy").GetRawText());
        Assert.Equal(["os", "encrypted"], answer.Json.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("rule").GetString()));
        Assert.Contains("apps", answer.Json.GetProperty("notKept").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData("at=2999-01-01T00:00:00Z", 422, "instant_in_future")]
    [InlineData("at=2001-01-01T00:00:00Z", 404, "device_not_there_yet")]
    [InlineData("at=now", 400, "invalid_query")]
    [InlineData("since=now", 400, "invalid_query")]
    public async Task What_cannot_be_explained_is_refused(string query, int status, string code)
    {
        var device = await api.ADeviceAsync();

        var answer = await api.Admin.GetAsync($"{device}/explain?{query}");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_device_that_nobody_made_is_not_explained()
    {
        var answer = await api.Admin.GetAsync($"/v1/tenants/{await api.ATenantAsync()}/devices/nobody/explain");

        Assert.Equal((404, "device_not_found"), (answer.Status, answer.Code));
    }

    private async Task<string> AFailingDeviceAsync()
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync(
            $"/v1/tenants/{tenant}/policies/baseline",
            """
            { "name": "Baseline", "rules": [
              { "id": "os", "kind": "osVersion", "minimum": { "ios": "16.5" }, "remediation": "Update to {{expected}}." },
              { "id": "encrypted", "kind": "encryption" } ] }
            """);
        await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a", "defaultPolicy": "baseline" }""");
        await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "phone" }""");
        await api.CheckInAsync(tenant, "phone", new Posture { Platform = Platform.Ios, OsVersion = "16.4", EncryptionStatus = EncryptionStatus.Encrypted });
        return $"/v1/tenants/{tenant}/devices/phone";
    }
}
