using System.Text.Json.Nodes;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>What GET gave can be edited and sent back, and a patch changes what it names.</summary>
[Collection(ApiTests.Name)]
public sealed class PatchTests(ApiFixture api)
{
    [Fact]
    public async Task A_patch_of_a_tenant_changes_what_it_names_and_nothing_else()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync("""{ "name": "Before", "quarantineZone": "vlan-9", "lostWipe": "automatic" }""")}";

        var answer = await api.Admin.PatchAsync(tenant, """{ "name": "After", "lostWipe": null, "governor": { "maxPerDay": { "devices": 7 } } }""");

        Assert.Equal((200, "\"2\"", "After"), (answer.Status, answer.ETag, answer.Text("name")));
        Assert.Equal(("vlan-9", "ask"), (answer.Text("quarantineZone"), answer.Text("lostWipe")));
        Assert.Equal("""{"devices":7,"percent":1}""", answer.Json.GetProperty("governor").GetProperty("maxPerDay").GetRawText());
        Assert.Equal(20, answer.Json.GetProperty("governor").GetProperty("maxInWindow").GetInt32());
    }

    [Theory]
    [InlineData("""{ "nmae": "x" }""", "/nmae")]
    [InlineData("""{ "nmae": null }""", "/nmae")]
    [InlineData("""{ "name": null }""", "/name")]
    [InlineData("""{ "governor": { "maxPerDay": { "devices": 0 } } }""", "/governor/maxPerDay/devices")]
    [InlineData("""{ "governor": { "maxPerDay": { "percent": 101 } } }""", "/governor/maxPerDay/percent")]
    public async Task What_is_wrong_with_a_patch_is_named_and_changes_nothing(string patch, string pointer)
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";

        var answer = await api.Admin.PatchAsync(tenant, patch);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Equal(1, (await api.Admin.GetAsync(tenant)).Number("version"));
    }

    [Fact]
    public async Task A_patch_of_a_version_that_has_passed_changes_nothing()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";

        var stale = await api.Admin.PatchAsync(tenant, """{ "name": "x" }""", ("If-Match", "\"7\""));
        var current = await api.Admin.PatchAsync(tenant, """{ "name": "x" }""", ("If-Match", "\"1\""));

        Assert.Equal((412, 200), (stale.Status, current.Status));
        Assert.Equal(404, (await api.Admin.PatchAsync("/v1/tenants/nobody-made-it", """{ "name": "x" }""")).Status);
    }

    [Fact]
    public async Task A_tenant_that_is_read_and_sent_back_stays_as_it_is_with_what_waits()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync("""{ "name": "Careful", "governor": { "approval": "twoPerson" } }""")}";
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "tablet-7" }""");
        await api.Admin.PatchAsync(tenant, """{ "governor": { "approval": "none" } }""");
        var read = await api.Admin.GetAsync(tenant);

        var same = await api.Admin.PutAsync(tenant, read.Body);
        var renamed = await api.Admin.PutAsync(tenant, """{ "name": "Renamed" }""");
        var patched = await api.Admin.PatchAsync(tenant, """{ "name": "Patched" }""");

        Assert.Equal(("twoPerson", "none"), (Approval(read.Json), Approval(read.Json.GetProperty("pendingGovernor"))));
        Assert.Contains("holds/governor/approve", read.Json.GetProperty("pendingGovernor").GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Equal((200, read.Body), (same.Status, same.Body));
        Assert.All([renamed, patched], answer =>
            Assert.Equal(("twoPerson", "none"), (Approval(answer.Json), Approval(answer.Json.GetProperty("pendingGovernor")))));
    }

    [Fact]
    public async Task A_policy_that_is_read_and_sent_back_keeps_its_version()
    {
        var policy = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";
        await api.Admin.PutAsync(policy, """{ "name": "Baseline", "rules": [{ "id": "encrypted", "kind": "encryption" }] }""");
        var read = await api.Admin.GetAsync(policy);

        var same = await api.Admin.PutAsync(policy, read.Body);
        var other = await api.Admin.PutAsync(policy, """{ "name": "Baseline", "rules": [], "createdBy": "me" }""");

        Assert.Equal((200, read.Body), (same.Status, same.Body));
        Assert.Equal((400, "/createdBy"), (other.Status, Assert.Single(other.Pointers)));
    }

    [Fact]
    public async Task A_patch_of_a_policy_makes_a_version_of_what_it_names()
    {
        var policy = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";
        await api.Admin.PutAsync(policy, """{ "name": "Baseline", "rules": [{ "id": "encrypted", "kind": "encryption" }], "checkInSeconds": 60 }""");

        var patched = await api.Admin.PatchAsync(policy, """{ "graceHours": 12, "checkInSeconds": null }""");
        var stale = await api.Admin.PatchAsync(policy, """{ "graceHours": 13 }""", ("If-Match", "\"1\""));
        var missing = await api.Admin.PatchAsync(policy + "-2", """{ "graceHours": 13 }""");

        Assert.Equal((200, "\"2\"", 12), (patched.Status, patched.ETag, patched.Number("graceHours")));
        Assert.Equal("encrypted", patched.Json.GetProperty("rules")[0].GetProperty("id").GetString());
        Assert.NotEqual(60, JsonNode.Parse(patched.Body)!["checkInSeconds"]?.GetValue<int>());
        Assert.Equal((412, 404), (stale.Status, missing.Status));
    }

    [Fact]
    public async Task The_settings_of_a_webhook_are_read_and_sent_back()
    {
        var inbound = $"/v1/tenants/{await api.ATenantAsync()}/inbound/itsm";
        await api.Admin.PutAsync(inbound, """{ "dryRun": true }""");
        var read = await api.Admin.GetAsync(inbound);

        var same = await api.Admin.PutAsync(inbound, read.Body);

        Assert.Equal((200, read.Body), (same.Status, same.Body));
    }

    private static string? Approval(System.Text.Json.JsonElement tenant) =>
        tenant.GetProperty("governor").GetProperty("approval").GetString();
}
