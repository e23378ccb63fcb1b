namespace MdmOrleans.Integration.Tests.Http;

public sealed class QuotaTests : IAsyncLifetime
{
    private const string Policy = """{ "name": "a", "rules": [], "graceHours": 1 }""";

    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-quota-").FullName;
    private ApiHost _host = null!; // set in InitializeAsync
    private ApiClient _admin = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(
            _directory, settings: ["--Limits:Policies=1", "--Limits:PolicyVersions=2", "--Limits:Labels=2", "--Limits:Patterns=1"]);
        _admin = new ApiClient(_host.Address, await _host.ReadAdminKeyAsync());
        Assert.Equal(201, (await _admin.PutAsync("/v1/tenants/acme", """{ "name": "a" }""")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_is_beyond_a_cap_is_refused_and_says_which()
    {
        await _admin.PutAsync("/v1/tenants/acme/policies/first", Policy);
        Refused("1 policies", await _admin.PutAsync("/v1/tenants/acme/policies/second", Policy));

        Refused("2 labels", await _admin.PostAsync("/v1/tenants/acme/devices", """{ "device": "a", "labels": { "a": "", "b": "", "c": "" } }"""));
        await _admin.PostAsync("/v1/tenants/acme/devices", """{ "device": "a", "labels": { "a": "", "b": "" } }""");
        Refused("2 labels", await _admin.PatchAsync("/v1/tenants/acme/devices/a", """{ "labels": { "c": "" } }"""));
        Assert.Equal(200, (await _admin.PatchAsync("/v1/tenants/acme/devices/a", """{ "labels": { "a": null, "c": "" } }""")).Status);

        Refused("1 regular expressions", await _admin.PutAsync("/v1/tenants/acme/policies/first", $$"""
            { "name": "a", "rules": [ {{Matches("r1")}}, {{Matches("r2")}} ] }
            """));
        Refused("1 regular expressions", await _admin.PostAsync("/v1/tenants/acme/policies/first/preview", $$"""
            { "name": "a", "rules": [ {{Matches("r1")}}, {{Matches("r2")}} ] }
            """));
    }

    [Fact]
    public async Task The_newest_versions_of_a_policy_are_kept()
    {
        foreach (var hours in (int[])[1, 2, 3])
        {
            await _admin.PutAsync("/v1/tenants/acme/policies/first", Policy.Replace("\"graceHours\": 1", $"\"graceHours\": {hours}", StringComparison.Ordinal));
        }

        Assert.Equal(404, (await _admin.GetAsync("/v1/tenants/acme/policies/first?version=1")).Status);
        Assert.Equal(200, (await _admin.GetAsync("/v1/tenants/acme/policies/first?version=2")).Status);
        Assert.Equal(3, (await _admin.GetAsync("/v1/tenants/acme/policies/first")).Number("version"));
    }

    private static string Matches(string id) =>
        $$"""{ "id": "{{id}}", "kind": "attribute", "path": "/attributes/a", "operator": "matches", "value": "x" }""";

    private static void Refused(string what, ApiAnswer answer)
    {
        Assert.Equal((422, "quota_exceeded"), (answer.Status, answer.Code));
        Assert.Contains(what, answer.Text("detail"), StringComparison.Ordinal);
    }
}
