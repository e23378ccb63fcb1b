using MdmOrleans.Core.Identity;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class IdentityTests(ApiFixture api)
{
    [Theory]
    [InlineData("/v1/tenants")]
    [InlineData("/v1/keys")]
    [InlineData("/metrics")]
    [InlineData("/dashboard/")]
    public async Task Without_a_key_there_is_only_a_challenge(string path)
    {
        var answer = await api.As(null).GetAsync(path);

        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
        Assert.Contains("realm=\"mdm\"", answer.Challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/docs/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task Some_pages_are_open(string path)
    {
        var answer = await api.As(null).GetAsync(path);

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task MQTT_over_WebSocket_asks_for_no_key_of_ours()
    {
        var answer = await api.As(null).GetAsync("/mqtt"); // without the handshake

        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task A_key_that_does_not_exist_is_no_identity()
    {
        var answer = await api.As("mdmk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").GetAsync("/v1/tenants");

        Assert.Equal((401, "unauthenticated"), (answer.Status, answer.Code));
        Assert.Contains("invalid_token", answer.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_of_a_key_is_shown_once()
    {
        var made = await api.Admin.PostAsync("/v1/keys", """{ "name": "once", "role": "reader" }""");

        var listed = await api.Admin.GetAsync("/v1/keys?limit=1000");

        Assert.Equal("/v1/keys/once", made.Location);
        Assert.Contains("once", listed.Items("name"));
        Assert.DoesNotContain(made.Text("key")!, listed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_key_is_refused_from_then_on()
    {
        var made = await api.Admin.PostAsync("/v1/keys", """{ "name": "gone", "role": "reader" }""");
        var reader = api.As(made.Text("key"));
        Assert.Equal(200, (await reader.GetAsync("/v1/tenants")).Status);

        var removed = await api.Admin.DeleteAsync("/v1/keys/gone");

        Assert.Equal(204, removed.Status);
        Assert.Equal(401, (await reader.GetAsync("/v1/tenants")).Status);
        Assert.Equal(404, (await api.Admin.DeleteAsync("/v1/keys/gone")).Status);
    }

    [Fact]
    public async Task The_name_of_a_key_is_taken_once()
    {
        await api.Admin.PostAsync("/v1/keys", """{ "name": "twice", "role": "reader" }""");

        var again = await api.Admin.PostAsync("/v1/keys", """{ "name": "twice", "role": "reader" }""");
        await api.Admin.DeleteAsync("/v1/keys/twice");
        var afterwards = await api.Admin.PostAsync("/v1/keys", """{ "name": "twice", "role": "reader" }""");

        Assert.Equal((409, "key_exists"), (again.Status, again.Code));
        Assert.Equal((409, "key_exists"), (afterwards.Status, afterwards.Code));
    }

    [Fact]
    public async Task A_key_says_who_made_it()
    {
        var maker = await api.AsLongKnownAsync(KeyRole.Admin);
        var made = await maker.PostAsync("/v1/keys", """{ "name": "whose", "role": "reader" }""");

        var listed = (await maker.GetAsync("/v1/keys?limit=1000")).Json.GetProperty("items").EnumerateArray();

        Assert.Equal(maker.KeyName, made.Text("madeBy"));
        Assert.Equal(maker.KeyName, listed.Single(key => key.GetProperty("name").GetString() == "whose").GetProperty("madeBy").GetString());
    }

    [Fact]
    public async Task The_administrator_key_is_not_removed_and_nobody_else_gets_its_name()
    {
        await api.AsLongKnownAsync(KeyRole.Admin);

        var removed = await api.Admin.DeleteAsync("/v1/keys/admin");
        var made = await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "admin", "role": "reader", "tenants": ["{{await api.ATenantAsync()}}"] }""");

        Assert.Equal((409, "administrator_key"), (removed.Status, removed.Code));
        Assert.Equal((409, "key_exists"), (made.Status, made.Code));
    }

    [Fact]
    public async Task The_name_of_a_key_tells_nothing_of_the_tenants_of_others()
    {
        var (mine, others) = (await api.ATenantAsync(), await api.ATenantAsync());
        var key = await api.AsAsync("admin", mine);
        await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "robot", "role": "reader", "tenants": ["{{others}}"] }""");

        var made = await key.PostAsync("/v1/keys", $$"""{ "name": "robot", "role": "reader", "tenants": ["{{mine}}"] }""");
        var again = await key.PostAsync("/v1/keys", $$"""{ "name": "robot", "role": "operator", "tenants": ["{{mine}}"] }""");

        Assert.Equal((201, 409), (made.Status, again.Status));
        Assert.Single((await key.GetAsync("/v1/keys?limit=1000")).Items("name"), "robot");
        Assert.Equal(2, (await api.Admin.GetAsync("/v1/keys?limit=1000")).Items("name").Count(name => name == "robot"));
        Assert.Equal("key_ambiguous", (await api.Admin.DeleteAsync("/v1/keys/robot")).Code);
        Assert.Equal(204, (await key.DeleteAsync("/v1/keys/robot")).Status);
        Assert.Equal(404, (await key.DeleteAsync($"/v1/keys/robot?tenant={others}")).Status);
        Assert.Equal(204, (await api.Admin.DeleteAsync($"/v1/keys/robot?tenant={others}")).Status);
    }

    [Fact]
    public async Task Keys_of_one_name_are_all_on_some_page()
    {
        var (first, second) = (await api.ATenantAsync(), await api.ATenantAsync());
        foreach (var tenant in new[] { first, second })
        {
            await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "paged", "role": "reader", "tenants": ["{{tenant}}"] }""");
        }

        List<string?> seen = [];
        for (string? next = ""; next is not null;)
        {
            var page = await api.Admin.GetAsync($"/v1/keys?limit=1{next}");
            seen.AddRange(page.Items("name"));
            next = page.Json.TryGetProperty("next", out var after) ? $"&after={Uri.EscapeDataString(after.GetString()!)}" : null;
        }

        Assert.Equal(2, seen.Count(name => name == "paged"));
    }

    [Fact]
    public async Task A_key_is_made_for_tenants_that_exist()
    {
        var tenant = await api.ATenantAsync();
        var key = await api.AsAsync("admin", tenant);

        var unknown = await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "early", "role": "reader", "tenants": ["{{tenant}}", "not-yet"] }""");
        var unseen = await key.PostAsync("/v1/keys", """{ "name": "early", "role": "reader", "tenants": ["not-yet"] }""");

        Assert.Equal((422, "tenant_unknown"), (unknown.Status, unknown.Code));
        Assert.Equal(["/tenants/1"], unknown.Pointers);
        Assert.Equal((403, "key_above_own"), (unseen.Status, unseen.Code)); // as for a tenant that exists
    }

    [Fact]
    public async Task A_reader_reads_and_nothing_else()
    {
        var tenant = await api.ATenantAsync();
        var reader = await api.AsAsync("reader");

        Assert.Equal(200, (await reader.GetAsync($"/v1/tenants/{tenant}/devices")).Status);
        Assert.Equal(403, (await reader.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "a" }""")).Status);
        Assert.Equal(403, (await reader.PutAsync($"/v1/tenants/{tenant}", """{ "name": "b" }""")).Status);
        Assert.Equal("forbidden", (await reader.GetAsync("/v1/keys")).Code);
    }

    [Fact]
    public async Task An_operator_drives_devices_and_changes_no_policy()
    {
        var tenant = await api.ATenantAsync();
        var anOperator = await api.AsAsync("operator");

        Assert.Equal(201, (await anOperator.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "a" }""")).Status);
        Assert.Equal(202, (await anOperator.PostAsync($"/v1/tenants/{tenant}/devices/a/commands", """{ "kind": "lock" }""")).Status);
        Assert.Equal(403, (await anOperator.PutAsync($"/v1/tenants/{tenant}/policies/p", """{ "name": "P", "rules": [] }""")).Status);
    }

    [Fact]
    public async Task A_tenant_that_a_key_does_not_see_is_answered_like_one_that_does_not_exist()
    {
        var (own, other) = (await api.ATenantAsync(), await api.ATenantAsync());
        var key = await api.AsAsync("admin", own);

        var unseen = await key.GetAsync($"/v1/tenants/{other}/devices");
        var missing = await key.GetAsync("/v1/tenants/nobody/devices");

        Assert.Equal(404, unseen.Status);
        Assert.Equal(missing.Body, unseen.Body);
        Assert.Equal(404, (await key.PutAsync($"/v1/tenants/{other}", """{ "name": "mine" }""")).Status);
        Assert.Equal([own], (await key.GetAsync("/v1/tenants?limit=1000")).Items("tenant"));
    }

    [Theory]
    [InlineData("""{ "name": "above", "role": "admin" }""")]
    [InlineData("""{ "name": "above", "role": "reader", "tenants": ["elsewhere"] }""")]
    public async Task A_key_cannot_make_one_that_sees_more(string body)
    {
        var key = await api.AsAsync("admin", await api.ATenantAsync());

        var answer = await key.PostAsync("/v1/keys", body);

        Assert.Equal((403, "key_above_own"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_key_neither_sees_nor_removes_those_above_it()
    {
        var key = await api.AsAsync("admin", await api.ATenantAsync());

        Assert.DoesNotContain("admin", (await key.GetAsync("/v1/keys?limit=1000")).Items("name"));
        Assert.Equal(404, (await key.DeleteAsync("/v1/keys/admin")).Status);
    }

    [Theory]
    [InlineData("""{ "role": "reader" }""", "/name")]
    [InlineData("""{ "name": "a b", "role": "reader" }""", "/name")]
    [InlineData("""{ "name": "a", "role": "root" }""", "/role")]
    [InlineData("""{ "name": "a", "role": "reader", "tenants": ["acme", "UPPER"] }""", "/tenants/1")]
    [InlineData("""{ "name": "a", "role": "reader", "tenants": [null] }""", "/tenants/0")]
    [InlineData("""{ "name": "a", "role": "reader", "tenants": "acme" }""", "/tenants")]
    [InlineData("""{ "name": "a", "role": "reader", "tenants": [] }""", "/tenants")]
    public async Task A_key_that_cannot_be_is_refused_with_the_place(string body, string pointer)
    {
        var answer = await api.Admin.PostAsync("/v1/keys", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
    }
}
