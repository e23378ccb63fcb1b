namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class TenantTests(ApiFixture api)
{
    [Fact]
    public async Task A_new_tenant_has_the_defaults()
    {
        var answer = await api.Admin.PutAsync("/v1/tenants/fresh", """{ "name": "Fresh" }""");

        Assert.Equal((201, "\"1\"", "/v1/tenants/fresh"), (answer.Status, answer.ETag, answer.Location));
        Assert.Equal(("fresh", 1L, "Fresh", "ask"), (answer.Text("tenant"), answer.Number("version"), answer.Text("name"), answer.Text("lostWipe")));
        Assert.True(answer.Json.GetProperty("noncompliantWithoutPolicy").GetBoolean());
        Assert.Equal(
            """{"maxInWindow":20,"windowMinutes":10,"maxPerDay":{"devices":50,"percent":1},"maxPercent":5,"approval":"none","holdMinutes":0}""",
            answer.Json.GetProperty("governor").GetRawText());
    }

    [Fact]
    public async Task PUT_replaces_the_whole_tenant_but_its_governor()
    {
        var tenant = await api.ATenantAsync("""{ "name": "Before", "quarantineZone": "vlan-9", "governor": { "maxInWindow": 3 } }""");

        var answer = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "After" }""");

        Assert.Equal((200, "\"2\"", "After"), (answer.Status, answer.ETag, answer.Text("name")));
        Assert.Null(answer.Text("quarantineZone"));
        Assert.Equal(3, answer.Json.GetProperty("governor").GetProperty("maxInWindow").GetInt32());
    }

    [Fact]
    public async Task The_same_settings_again_keep_the_version()
    {
        var tenant = await api.ATenantAsync("""{ "name": "Same", "lostWipe": "automatic" }""");

        var answer = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "lostWipe": "automatic", "name": "Same" }""");

        Assert.Equal((200, 1L), (answer.Status, answer.Number("version")));
    }

    [Fact]
    public async Task A_default_policy_that_does_not_exist_is_unprocessable()
    {
        var tenant = await api.ATenantAsync();

        var missing = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a", "defaultPolicy": "missing" }""");
        var noName = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a", "defaultPolicy": "No Name" }""");

        Assert.Equal((422, "policy_not_found"), (missing.Status, missing.Code));
        Assert.Equal((422, "policy_not_found"), (noName.Status, noName.Code));
        Assert.Equal(["/defaultPolicy"], missing.Pointers);
    }

    [Theory]
    [InlineData("""{ "name": " " }""", "/name")]
    [InlineData("""{ "name": "a", "quarantineZone": "" }""", "/quarantineZone")]
    [InlineData("""{ "name": "a", "lostWipe": "never" }""", "/lostWipe")]
    [InlineData("""{ "name": "a", "governor": { "maxInWindow": 0 } }""", "/governor/maxInWindow")]
    [InlineData("""{ "name": "a", "governor": { "windowMinutes": 10081 } }""", "/governor/windowMinutes")]
    [InlineData("""{ "name": "a", "governor": { "maxPercent": 0 } }""", "/governor/maxPercent")]
    [InlineData("""{ "name": "a", "governor": { "maxPercent": 100.1 } }""", "/governor/maxPercent")]
    [InlineData("""{ "name": "a", "governor": { "approval": "three" } }""", "/governor/approval")]
    [InlineData("""{ "name": "a", "governor": { "holdMinutes": -1 } }""", "/governor/holdMinutes")]
    public async Task What_is_out_of_range_is_refused(string body, string pointer)
    {
        var answer = await api.Admin.PutAsync("/v1/tenants/range", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
    }

    [Fact]
    public async Task A_version_that_has_passed_is_not_replaced()
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "second" }""", ("If-Match", "\"1\""));

        var stale = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "third" }""", ("If-Match", "\"1\""));
        var weak = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "third" }""", ("If-Match", "W/\"2\""));
        var either = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "third" }""", ("If-Match", "\"7\", \"2\""));

        Assert.Equal((412, "version_mismatch"), (stale.Status, stale.Code));
        Assert.Equal(412, weak.Status);
        Assert.Equal((200, "\"3\""), (either.Status, either.ETag));
    }

    [Fact]
    public async Task Only_a_new_tenant_passes_If_None_Match()
    {
        var tenant = await api.ATenantAsync();

        var there = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a" }""", ("If-None-Match", "*"));
        var absent = await api.Admin.PutAsync("/v1/tenants/brand-new", """{ "name": "a" }""", ("If-None-Match", "*"));
        var missing = await api.Admin.PutAsync("/v1/tenants/not-there", """{ "name": "a" }""", ("If-Match", "*"));

        Assert.Equal((412, 201, 412), (there.Status, absent.Status, missing.Status));
    }

    [Fact]
    public async Task An_If_Match_that_is_no_list_of_tags_is_refused()
    {
        var tenant = await api.ATenantAsync();

        var answer = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a" }""", ("If-Match", "1"));

        Assert.Equal((400, "invalid_header"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_list_leads_from_page_to_page_to_its_end()
    {
        string[] mine = [await api.ATenantAsync(), await api.ATenantAsync(), await api.ATenantAsync()];
        var key = await api.AsAsync("reader", mine);

        var first = await key.GetAsync("/v1/tenants?limit=2");
        var second = await key.GetAsync($"/v1/tenants?limit=2&after={first.Text("next")}");

        Assert.Equal(mine.Order(StringComparer.Ordinal), [.. first.Items("tenant"), .. second.Items("tenant")]);
        Assert.False(second.Json.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task The_summary_names_every_state()
    {
        var path = await api.ADeviceAsync();
        var tenant = path[..path.IndexOf("/devices", StringComparison.Ordinal)];

        var answer = await api.Admin.GetAsync($"{tenant}/summary");

        Assert.Equal(
            """
            {"devices":1,"connected":0,"lifecycle":{"Provisioned":1,"Active":0,"Quarantined":0,"Retired":0},
            "compliance":{"unknown":1,"compliant":0,"inGracePeriod":0,"noncompliant":0,"error":0},
            "access":{"allow":0,"quarantine":1,"block":0},
            "platform":{"other":0,"android":0,"ios":0,"ipados":0,"macos":0,"windows":0,"linux":0},
            "policies":{},"deadlines":{"overdue":0,"oldestOverdueSeconds":0}}
            """.ReplaceLineEndings(""),
            answer.Body);
    }
}
