using System.Text;

namespace MdmOrleans.Integration.Tests.Http;

public sealed class AdministratorKeyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-key-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_key_is_made_once_for_its_owner_alone()
    {
        string key;
        await using (var first = await ApiHost.StartAsync(_directory))
        {
            key = await first.ReadAdminKeyAsync();
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(first.KeyFile) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }

        await using var second = await ApiHost.StartAsync(_directory);

        Assert.Equal(key, await second.ReadAdminKeyAsync());
        using var admin = new ApiClient(second.Address, key);
        Assert.Equal(200, (await admin.GetAsync("/v1/keys")).Status);
    }

    [Fact]
    public async Task A_key_in_the_file_becomes_the_key_of_a_new_database_and_stays_that_of_the_old_one()
    {
        var other = Directory.CreateTempSubdirectory("mdm-key-");
        string key;
        await using (var first = await ApiHost.StartAsync(_directory))
        {
            key = await first.ReadAdminKeyAsync();
            File.Copy(first.KeyFile, Path.Combine(other.FullName, "admin-key"));
        }

        await using (var second = await ApiHost.StartAsync(other.FullName))
        {
            using var admin = new ApiClient(second.Address, key);
            Assert.Equal((200, key), ((await admin.GetAsync("/v1/keys")).Status, await second.ReadAdminKeyAsync()));
        }

        other.Delete(recursive: true);
    }

    [Fact]
    public async Task A_key_from_the_settings_takes_the_place_of_the_one_in_the_file()
    {
        string old;
        await using (var first = await ApiHost.StartAsync(_directory))
        {
            old = await first.ReadAdminKeyAsync();
        }

        await using var second = await ApiHost.StartAsync(_directory, "Development", adminKey: "a-key-of-at-least-thirty-two-characters");

        using var before = new ApiClient(second.Address, old);
        using var now = new ApiClient(second.Address, "a-key-of-at-least-thirty-two-characters");
        using var nobody = new ApiClient(second.Address, null);
        Assert.Equal((401, 200), ((await before.GetAsync("/v1/keys")).Status, (await now.GetAsync("/v1/keys")).Status));
        Assert.False(File.Exists(second.KeyFile));
        Assert.Equal((200, 200), ((await nobody.GetAsync("/metrics")).Status, (await nobody.GetAsync("/dashboard/")).Status)); // Development
    }

    [Fact]
    public async Task The_age_of_the_administrator_key_starts_again_when_it_is_replaced_and_only_then()
    {
        var first = await MadeAtAsync("a-key-of-at-least-thirty-two-characters");

        Assert.Equal(first, await MadeAtAsync("a-key-of-at-least-thirty-two-characters"));
        Assert.True(first < await MadeAtAsync("another-key-of-at-least-thirty-two-characters"));

        async Task<DateTimeOffset> MadeAtAsync(string key)
        {
            await using var host = await ApiHost.StartAsync(_directory, adminKey: key);
            using var admin = new ApiClient(host.Address, key);
            return (await admin.GetAsync("/v1/keys")).Json.GetProperty("items")[0].GetProperty("createdAt").GetDateTimeOffset();
        }
    }

    [Fact]
    public async Task No_more_keys_are_made_than_the_settings_allow()
    {
        await using var host = await ApiHost.StartAsync(_directory, settings: "--Limits:Keys=2");
        using var admin = new ApiClient(host.Address, await host.ReadAdminKeyAsync());

        var fits = await admin.PostAsync("/v1/keys", """{ "name": "second", "role": "reader" }""");
        var refused = await admin.PostAsync("/v1/keys", """{ "name": "third", "role": "reader" }""");

        Assert.Equal((201, 422, "quota_exceeded"), (fits.Status, refused.Status, refused.Code));
    }

    [Fact]
    public async Task Keys_approve_for_each_other_at_once_where_the_settings_ask_for_no_age()
    {
        await using var host = await ApiHost.StartAsync(_directory, settings: "--Governor:KeyAgeHours=0");
        using var admin = new ApiClient(host.Address, await host.ReadAdminKeyAsync());
        await admin.PutAsync("/v1/tenants/acme", """{ "name": "Acme", "governor": { "approval": "twoPerson" } }""");
        await admin.PostAsync("/v1/tenants/acme/devices", """{ "device": "tablet-7" }""");
        await admin.PostAsync("/v1/tenants/acme/devices/tablet-7/commands", """{ "kind": "wipe" }""");
        using var second = new ApiClient(host.Address, (await admin.PostAsync("/v1/keys", """{ "name": "second", "role": "operator" }""")).Text("key"));
        var hold = (await second.GetAsync("/v1/tenants/acme/holds")).Items("id").Single();

        Assert.Equal(200, (await second.PostAsync($"/v1/tenants/acme/holds/{hold}/approve")).Status);
    }
}

[Collection(ApiTests.Name)]
public sealed class BrowserKeyTests(ApiFixture api)
{
    [Fact]
    public async Task Figures_and_dashboard_take_the_key_as_a_password()
    {
        var made = await api.Admin.PostAsync("/v1/keys", """{ "name": "browser", "role": "admin" }""");
        var basic = ("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{made.Text("key")}"))}");

        var metrics = await api.As(null).SendAsync(HttpMethod.Get, "/metrics", headers: [basic]);
        var dashboard = await api.As(null).SendAsync(HttpMethod.Get, "/dashboard/", headers: [basic]);
        var interfaceItself = await api.As(null).SendAsync(HttpMethod.Get, "/v1/keys", headers: [basic]);

        Assert.Equal((200, 200, 401), (metrics.Status, dashboard.Status, interfaceItself.Status));
        Assert.Contains("http_server_request_duration_seconds", metrics.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_is_for_those_who_see_all_tenants()
    {
        var reader = await api.AsAsync("reader");
        var administratorOfOne = await api.AsAsync("admin", await api.ATenantAsync());

        Assert.Equal(403, (await reader.GetAsync("/dashboard/")).Status);
        Assert.Equal(403, (await administratorOfOne.GetAsync("/dashboard/")).Status);
        Assert.Equal(403, (await administratorOfOne.GetAsync("/metrics")).Status);
        Assert.Equal(200, (await reader.GetAsync("/metrics")).Status);
    }
}
