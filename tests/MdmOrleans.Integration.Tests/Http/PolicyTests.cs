namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class PolicyTests(ApiFixture api)
{
    private const string Encrypted = """{ "name": "Baseline", "rules": [{ "id": "encrypted", "kind": "encryption" }] }""";
    private const string Locked = """{ "name": "Baseline", "rules": [{ "id": "locked", "kind": "passcode" }] }""";

    [Fact]
    public async Task A_policy_comes_back_with_its_name_and_version()
    {
        var path = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";

        var made = await api.Admin.PutAsync(path, Encrypted);
        var read = await api.Admin.GetAsync(path);

        Assert.Equal((201, "\"1\"", path), (made.Status, made.ETag, made.Location));
        Assert.Equal(made.Body, read.Body);
        Assert.Equal(("baseline", 1L, "Baseline"), (read.Text("id"), read.Number("version"), read.Text("name")));
        Assert.Equal("encryption", read.Json.GetProperty("rules")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_same_content_again_keeps_the_version()
    {
        var path = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";
        await api.Admin.PutAsync(path, Encrypted);

        var again = await api.Admin.PutAsync(path, """{ "rules": [{ "kind": "encryption", "id": "encrypted" }], "name": "Baseline", "graceHours": 48 }""");

        Assert.Equal((200, 1L), (again.Status, again.Number("version")));
    }

    [Fact]
    public async Task Every_version_can_be_read()
    {
        var path = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";
        await api.Admin.PutAsync(path, Encrypted);

        var second = await api.Admin.PutAsync(path, Locked);

        Assert.Equal((200, "\"2\""), (second.Status, second.ETag));
        Assert.Equal("encrypted", (await api.Admin.GetAsync($"{path}?version=1")).Json.GetProperty("rules")[0].GetProperty("id").GetString());
        Assert.Equal(second.Body, (await api.Admin.GetAsync($"{path}?version=2")).Body);
        Assert.Equal(404, (await api.Admin.GetAsync($"{path}?version=3")).Status);
        Assert.Equal(400, (await api.Admin.GetAsync($"{path}?version=0")).Status);
    }

    [Fact]
    public async Task What_is_wrong_with_a_policy_is_named_and_nothing_is_stored()
    {
        var path = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";

        var answer = await api.Admin.PutAsync(path, """{ "name": "a", "rules": [{ "id": "x", "kind": "astrology" }], "grace": 1 }""");

        Assert.Equal(400, answer.Status);
        Assert.Equal(["/grace", "/rules/0/kind"], answer.Pointers.Order(StringComparer.Ordinal));
        Assert.Equal(404, (await api.Admin.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_member_that_is_there_twice_is_refused()
    {
        var path = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";

        var answer = await api.Admin.PutAsync(path, """{ "name": "a", "rules": [{ "id": "x", "kind": "passcode", "id": "y" }] }""");

        Assert.Equal(400, answer.Status);
        Assert.Equal(["/rules/0/id"], answer.Pointers);
    }

    [Fact]
    public async Task Versions_are_replaced_only_as_asked()
    {
        var path = $"/v1/tenants/{await api.ATenantAsync()}/policies/baseline";
        await api.Admin.PutAsync(path, Encrypted, ("If-None-Match", "*"));

        var stale = await api.Admin.PutAsync(path, Locked, ("If-Match", "\"2\""));
        var there = await api.Admin.PutAsync(path, Locked, ("If-None-Match", "*"));
        var current = await api.Admin.PutAsync(path, Locked, ("If-Match", "\"1\""));

        Assert.Equal((412, 412, 200), (stale.Status, there.Status, current.Status));
    }

    [Fact]
    public async Task Policies_are_listed_by_name()
    {
        var policies = $"/v1/tenants/{await api.ATenantAsync()}/policies";
        await api.Admin.PutAsync($"{policies}/zebra", Encrypted);
        await api.Admin.PutAsync($"{policies}/apple", Locked);

        var first = await api.Admin.GetAsync($"{policies}?limit=1");
        var second = await api.Admin.GetAsync($"{policies}?limit=1&after=apple");

        Assert.Equal(["apple"], first.Items("id"));
        Assert.Equal("apple", first.Text("next"));
        Assert.Equal(["zebra"], second.Items("id"));
        Assert.False(second.Json.TryGetProperty("next", out _));
    }
}
