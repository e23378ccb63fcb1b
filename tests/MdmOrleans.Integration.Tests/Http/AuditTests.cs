using System.Text.Json;
using MdmOrleans.Api.Audit;
using MdmOrleans.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class AuditTests(ApiFixture api)
{
    [Fact]
    public async Task A_deletion_is_recorded_with_the_head_of_the_history_that_it_ends()
    {
        var device = await ARetiredDeviceAsync();
        var head = (await api.Admin.GetAsync($"{device}/events/verify")).Json.GetProperty("last").GetProperty("number").GetInt64();

        await api.Admin.DeleteAsync(device, ("X-Request-Id", "ticket-17"));

        var record = Assert.Single(await RecordsAsync(TenantOf(device), "action=device.delete"));
        Assert.Equal(("key:admin", "key", "device:tablet-7", "done"), Brief(record));
        Assert.Equal(("ticket-17", "127.0.0.1"), (record.GetProperty("requestId").GetString(), record.GetProperty("address").GetString()));
        Assert.Equal("Retired", record.GetProperty("before").GetProperty("lifecycle").GetString());
        Assert.Equal(head + 1, record.GetProperty("after").GetProperty("tombstone").GetProperty("number").GetInt64());
    }

    [Fact]
    public async Task A_new_device_of_a_deleted_ones_name_says_whose_name_it_has()
    {
        var device = await ARetiredDeviceAsync();
        await api.Admin.DeleteAsync(device);
        var tombstone = (await RecordsAsync(TenantOf(device), "action=device.delete"))[0].GetProperty("after").GetProperty("tombstone");

        await api.Admin.PostAsync($"{TenantOf(device)}/devices", """{ "device": "tablet-7" }""");

        var created = (await api.Admin.GetAsync($"{device}/events")).Json.GetProperty("items")[0];
        var proof = (await api.Admin.GetAsync($"{device}/events/verify")).Json;
        Assert.Equal(1, created.GetProperty("number").GetInt64());
        Assert.Equal(tombstone.GetProperty("hash").GetString(), created.GetProperty("detail").GetProperty("predecessor").GetProperty("hash").GetString());
        Assert.Equal(tombstone.GetProperty("hash").GetString(), proof.GetProperty("predecessor").GetProperty("hash").GetString());
        Assert.Equal("key:admin", proof.GetProperty("predecessor").GetProperty("deletedBy").GetString());
        Assert.True(proof.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task What_was_refused_is_recorded_with_the_reason()
    {
        var device = await api.ADeviceAsync();
        var tenant = TenantOf(device);
        using var reader = await api.AsAsync("reader", tenant.Split('/')[^1]);

        await api.Admin.DeleteAsync(device);
        await api.Admin.DeleteAsync(device, ("If-Match", "\"99\""));
        await reader.DeleteAsync(device);

        var records = await RecordsAsync(tenant, "action=device.delete");
        Assert.Equal(
            ["device_not_retired", "version_mismatch", "forbidden"], records.Select(record => record.GetProperty("result").GetString()));
        Assert.Equal("key:admin", records[0].GetProperty("actor").GetString());
        Assert.NotEqual("key:admin", records[2].GetProperty("actor").GetString());
    }

    [Fact]
    public async Task A_stranger_to_a_tenant_writes_nothing_into_its_trail()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";
        using var stranger = await api.AsAsync("reader", await api.ATenantAsync());

        var answer = await stranger.PutAsync(tenant, """{ "name": "Mine" }""");

        Assert.Equal(403, answer.Status);
        Assert.DoesNotContain(await RecordsAsync(tenant), record => record.GetProperty("result").GetString() == "forbidden");
        Assert.Equal(404, (await stranger.GetAsync($"{tenant}/audit")).Status);
        Assert.Equal(404, (await stranger.GetAsync($"{tenant}/audit/verify")).Status);
    }

    [Fact]
    public async Task The_installations_trail_is_for_administrators_of_everything()
    {
        var tenant = await api.ATenantAsync();
        using var reader = await api.AsAsync("reader");
        using var admin = await api.AsAsync("admin", tenant);

        Assert.Equal(403, (await reader.GetAsync("/v1/audit")).Status);
        Assert.Equal(403, (await admin.GetAsync("/v1/audit")).Status);
        Assert.Equal(403, (await admin.GetAsync("/v1/audit/verify")).Status);
        Assert.Equal(200, (await admin.GetAsync($"/v1/tenants/{tenant}/audit")).Status);
        Assert.True((await api.Admin.GetAsync("/v1/audit/verify")).Json.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task Pages_of_a_trail_follow_each_other_and_an_export_has_all_of_it()
    {
        var device = await api.ADeviceAsync();
        var tenant = TenantOf(device);
        for (var i = 0; i < 3; i++)
        {
            await api.Admin.DeleteAsync(device);
        }

        var all = await RecordsAsync(tenant);
        var first = await api.Admin.GetAsync($"{tenant}/audit?limit=1");
        var rest = await api.Admin.GetAsync($"{tenant}/audit?after={first.Text("next")}");
        var export = await api.Admin.GetAsync($"{tenant}/audit/export");

        Assert.Equal(Enumerable.Range(1, all.Length), all.Select(record => record.GetProperty("number").GetInt32()));
        Assert.Equal(all.Skip(1).Select(Hash), rest.Json.GetProperty("items").EnumerateArray().Select(Hash));
        Assert.Equal("application/x-ndjson", export.MediaType);
        var lines = export.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(all.Select(Hash), lines.Select(line => Hash(JsonDocument.Parse(line).RootElement)));
    }

    [Theory]
    [InlineData("after=17", "cursor_unknown")]
    [InlineData("actor=", "invalid_query")]
    [InlineData("from=yesterday", "invalid_query")]
    [InlineData("who=me", "invalid_query")]
    public async Task A_question_that_cannot_be_read_is_refused(string query, string code)
    {
        var tenant = await api.ATenantAsync();

        var answer = await api.Admin.GetAsync($"/v1/tenants/{tenant}/audit?{query}");

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_trail_is_proved_and_a_cursor_of_another_tenants_is_unknown()
    {
        var device = await api.ADeviceAsync();
        await api.Admin.DeleteAsync(device);
        await api.Admin.DeleteAsync(device);
        var next = (await api.Admin.GetAsync($"{TenantOf(device)}/audit?limit=1")).Text("next");

        var proof = (await api.Admin.GetAsync($"{TenantOf(device)}/audit/verify?histories=true")).Json;
        var other = await api.Admin.GetAsync($"/v1/tenants/{await api.ATenantAsync()}/audit?after={next}");

        Assert.True(proof.GetProperty("intact").GetBoolean());
        Assert.True(proof.GetProperty("records").GetInt64() >= 2);
        Assert.Equal("cursor_unknown", other.Code);
    }

    [Fact]
    public async Task A_policy_leaves_its_old_and_its_new_version_and_the_announcement_its_outcome()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";
        const string Policy = """{ "name": "A", "rules": [ { "id": "encrypted", "kind": "encryption" } ], "graceHours": 1 }""";
        await api.Admin.PutAsync($"{tenant}/policies/baseline", Policy);
        await api.Admin.PutAsync($"{tenant}/policies/baseline", Policy.Replace("\"graceHours\": 1", "\"graceHours\": 2", StringComparison.Ordinal));
        await api.Admin.PutAsync($"{tenant}/policies/baseline", Policy, ("If-Match", "\"17\""));

        var records = await RecordsAsync(tenant, "target=policy:baseline");

        Assert.Equal(
            ["intended", "done", "intended", "done", "version_mismatch"], records.Select(record => record.GetProperty("result").GetString()));
        Assert.Equal(records[2].GetProperty("number").GetInt64(), records[3].GetProperty("intent").GetInt64());
        Assert.False(records[0].TryGetProperty("before", out _));
        Assert.Equal((1, 1), VersionAndGrace(records[2].GetProperty("before")));
        Assert.Equal((2, 2), VersionAndGrace(records[2].GetProperty("after")));
        Assert.All(records, record => Assert.Equal(("key:admin", "127.0.0.1"), (record.GetProperty("actor").GetString(), record.GetProperty("address").GetString())));

        static (int, int) VersionAndGrace(JsonElement document) =>
            (document.GetProperty("version").GetInt32(), document.GetProperty("policy").GetProperty("graceHours").GetInt32());
    }

    [Fact]
    public async Task A_tenants_settings_are_recorded_from_when_it_was_made()
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "Renamed" }""");

        var records = await RecordsAsync($"/v1/tenants/{tenant}", "action=tenant.put");

        Assert.Equal(["intended", "done", "intended", "done"], records.Select(record => record.GetProperty("result").GetString()));
        Assert.Equal(
            ("A tenant", "Renamed"),
            (records[2].GetProperty("before").GetProperty("name").GetString(), records[2].GetProperty("after").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_webhooks_settings_are_recorded_and_its_secret_is_not()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";
        var made = await api.Admin.PutAsync($"{tenant}/inbound/itsm", "{}");

        var trail = await api.Admin.GetAsync($"{tenant}/audit?target=webhook:itsm");

        Assert.Equal(["intended", "done"], trail.Items("result"));
        Assert.True(trail.Json.GetProperty("items")[0].GetProperty("after").TryGetProperty("secretMadeAt", out _));
        Assert.DoesNotContain(made.Text("secret")!, trail.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_recorded_where_it_counts_and_no_tenant_learns_of_another()
    {
        var (one, other) = (await api.ATenantAsync(), await api.ATenantAsync());
        var made = await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "both-{{one}}", "role": "reader", "tenants": ["{{one}}", "{{other}}"] }""");
        await api.Admin.DeleteAsync($"/v1/keys/both-{one}");

        foreach (var tenant in new[] { one, other })
        {
            var trail = await api.Admin.GetAsync($"/v1/tenants/{tenant}/audit?target=key:both-{one}");

            Assert.Equal(["intended", "done", "intended", "done"], trail.Items("result"));
            Assert.Equal(["key.create", "key.create", "key.delete", "key.delete"], trail.Items("action"));
            Assert.Equal($"[\"{tenant}\"]", trail.Json.GetProperty("items")[0].GetProperty("after").GetProperty("tenants").GetRawText());
            Assert.DoesNotContain(made.Text("key")!, trail.Body, StringComparison.Ordinal);
        }

        Assert.Empty((await api.Admin.GetAsync($"/v1/audit?target=key:both-{one}")).Items("result"));
    }

    [Fact]
    public async Task A_key_that_sees_all_tenants_is_recorded_for_the_installation_also_when_it_is_refused()
    {
        var name = $"all-{await api.ATenantAsync()}";
        await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "{{name}}", "role": "reader" }""");
        await api.Admin.PostAsync("/v1/keys", $$"""{ "name": "{{name}}", "role": "reader" }""");
        await api.Admin.DeleteAsync("/v1/keys/admin");

        var made = await api.Admin.GetAsync($"/v1/audit?target=key:{name}");
        var refused = await api.Admin.GetAsync("/v1/audit?target=key:admin&action=key.delete&limit=1");

        Assert.Equal(["intended", "done", "key_exists"], made.Items("result"));
        Assert.Single(refused.Items("result"));
    }

    [Fact]
    public async Task What_a_trusted_proxy_says_of_the_address_is_believed_and_what_stands_before_it_is_not()
    {
        var device = await api.ADeviceAsync();

        await api.Admin.DeleteAsync(device, ("X-Forwarded-For", "203.0.113.9, 192.0.2.7"));

        Assert.Equal("192.0.2.7", (await RecordsAsync(TenantOf(device), "action=device.delete"))[0].GetProperty("address").GetString());
    }

    [Fact]
    public void Every_route_on_which_only_administrators_change_something_is_audited()
    {
        var changing = api.Endpoints.Where(endpoint =>
            endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy == Authorization.Administers
            && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Any(method => method != "GET") is true);

        var names = changing.Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName).ToArray();

        Assert.NotEmpty(names);
        Assert.All(names.Where(name => name != "PreviewPolicy"), name => Assert.True(AuditedRoutes.Contains(name), name));
    }

    private async Task<string> ARetiredDeviceAsync()
    {
        var device = await api.ADeviceAsync();
        var retired = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Retired", "reason": "disposed" }""");
        Assert.Equal(200, retired.Status);
        return device;
    }

    private async Task<JsonElement[]> RecordsAsync(string tenant, string filter = "limit=1000") =>
        [.. (await api.Admin.GetAsync($"{tenant}/audit?{filter}")).Json.GetProperty("items").EnumerateArray()];

    private static string TenantOf(string device) => device[..device.IndexOf("/devices", StringComparison.Ordinal)];

    private static string? Hash(JsonElement record) => record.GetProperty("hash").GetString();

    private static (string?, string?, string?, string?) Brief(JsonElement record) => (
        record.GetProperty("actor").GetString(), record.GetProperty("via").GetString(),
        record.GetProperty("target").GetString(), record.GetProperty("result").GetString());
}
