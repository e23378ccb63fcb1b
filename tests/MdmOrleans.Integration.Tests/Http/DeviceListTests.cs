using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class DeviceListTests(ApiFixture api)
{
    [Fact]
    public async Task Devices_are_listed_by_name_and_the_last_page_says_so()
    {
        var devices = await ThreeDevicesAsync();

        var first = await api.Admin.GetAsync($"{devices}?limit=1");
        var rest = await api.Admin.GetAsync($"{devices}?limit=2&after={first.Text("next")}");

        Assert.Equal(["a"], first.Items("device"));
        Assert.Equal(["b", "c"], rest.Items("device"));
        Assert.False(rest.Json.TryGetProperty("next", out _));
    }

    [Theory]
    [InlineData("platform=ios", "b")]
    [InlineData("serial=S-3", "c")]
    [InlineData("label=site", "a,b")]
    [InlineData("label=site%3Dberlin", "a")]
    [InlineData("label=site=paris&platform=ios", "b")]
    [InlineData("label=site=paris&platform=android", "")]
    [InlineData("lifecycle=Provisioned&compliance=unknown&access=quarantine", "a,b,c")]
    [InlineData("lifecycle=Retired", "")]
    [InlineData("lifecycle=Retired,Provisioned&platform=ios,android", "a,b")]
    [InlineData("label=site=paris,site=berlin", "a,b")]
    [InlineData("notSeenSince=2020-01-01T00:00:00Z", "a,b,c")]
    public async Task Filters_must_all_hold(string filter, string expected)
    {
        var answer = await api.Admin.GetAsync($"{await ThreeDevicesAsync()}?{filter}");

        Assert.Equal(expected, string.Join(',', answer.Items("device")));
    }

    [Theory]
    [InlineData("lifecycle=active")]
    [InlineData("compliance=fine")]
    [InlineData("access=maybe")]
    [InlineData("platform=symbian")]
    [InlineData("label=")]
    [InlineData("label=a%20b")]
    [InlineData("serial=")]
    [InlineData("lifecycle=Active,active")]
    [InlineData("model=a,,b")]
    [InlineData("osVersion=new")]
    [InlineData("osVersion=~16")]
    [InlineData("include=findings")]
    [InlineData("notSeenSince=yesterday")]
    [InlineData("notSeenSince=2026-11-24")]
    [InlineData("notSeenSince=2026-11-24T03:00:00")]
    [InlineData("after=a%20b")]
    [InlineData("lifecyle=Active")]
    public async Task A_filter_that_cannot_be_understood_is_refused(string filter)
    {
        var answer = await api.Admin.GetAsync($"/v1/tenants/{await api.ATenantAsync()}/devices?{filter}");

        Assert.Equal((400, "invalid_query"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("model=iPad%205", "phone")]
    [InlineData("app=com.example.b", "phone")]
    [InlineData("rule=encrypted", "phone")]
    [InlineData("osVersion=%3C16.5", "phone")]
    [InlineData("osVersion=!16.5,!16.4", "")]
    [InlineData("osVersion=16.4.0,17", "phone")]
    [InlineData("owner=kim", "")]
    public async Task What_a_device_said_and_what_it_fails_is_searched_for(string filter, string expected)
    {
        var tenant = await APhoneThatFailsAsync();

        var answer = await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices?{filter}");
        var dryRun = await api.Admin.PostAsync(
            $"/v1/tenants/{tenant}/commands", $$"""{ "kind": "message", "filter": { {{AsBody(filter)}} }, "dryRun": true }""");

        Assert.Equal(expected, string.Join(',', answer.Items("device")));
        Assert.Equal((200, expected.Length == 0 ? 0L : 1L), (dryRun.Status, dryRun.Number("devices")));
    }

    [Fact]
    public async Task Apps_and_attributes_are_in_a_list_only_where_they_are_asked_for()
    {
        var devices = $"/v1/tenants/{await APhoneThatFailsAsync()}/devices";

        var bare = (await api.Admin.GetAsync(devices)).Json.GetProperty("items")[0];
        var apps = (await api.Admin.GetAsync($"{devices}?include=apps")).Json.GetProperty("items")[0];
        var both = (await api.Admin.GetAsync($"{devices}?include=attributes,apps")).Json.GetProperty("items")[0];
        var twin = (await api.Admin.GetAsync($"{devices}/phone")).Json;

        Assert.Equal((false, false), (bare.TryGetProperty("apps", out _), bare.TryGetProperty("attributes", out _)));
        Assert.Equal((2, false), (apps.GetProperty("apps").GetArrayLength(), apps.TryGetProperty("attributes", out _)));
        Assert.Equal((2, 1), (both.GetProperty("apps").GetArrayLength(), both.GetProperty("attributes").GetProperty("a").GetInt32()));
        Assert.Equal((2, 1), (twin.GetProperty("apps").GetArrayLength(), twin.GetProperty("attributes").GetProperty("a").GetInt32()));
    }

    [Fact]
    public async Task Devices_of_all_tenants_that_a_key_sees_are_listed_and_no_others()
    {
        var (first, second, hidden) = (await APhoneThatFailsAsync(), await APhoneThatFailsAsync(), await APhoneThatFailsAsync());
        var reader = await api.AsAsync("reader", first, second);
        string[] seen = [.. new[] { first, second }.Order(StringComparer.Ordinal)];

        var all = await reader.GetAsync("/v1/devices?model=iPad%205");
        var page = await reader.GetAsync("/v1/devices?limit=1");
        var rest = await reader.GetAsync($"/v1/devices?limit=1&after={page.Text("next")}");
        var wrong = await reader.GetAsync("/v1/devices?after=phone");
        var administrator = await api.Admin.GetAsync("/v1/devices?limit=1000&model=iPad%205"); // other tests have made more than fit into a page

        Assert.Equal(seen, all.Items("tenant"));
        Assert.Equal((seen[0], $"{seen[0]}:phone"), (page.Items("tenant").Single(), page.Text("next")));
        Assert.Equal([seen[1]], rest.Items("tenant"));
        Assert.False(rest.Json.TryGetProperty("next", out _));
        Assert.Equal(400, wrong.Status);
        Assert.Contains(hidden, administrator.Items("tenant"));
        Assert.Equal(401, (await api.As(null).GetAsync("/v1/devices")).Status);
    }

    [Fact]
    public async Task The_serial_number_that_an_operator_set_counts_and_what_the_device_says_instead_is_shown()
    {
        var tenant = await api.ATenantAsync();
        var devices = $"/v1/tenants/{tenant}/devices";
        await api.Admin.PostAsync(devices, """{ "device": "phone", "serial": "S-operator" }""");
        await api.CheckInAsync(tenant, "phone", APosture() with { Serial = "S-device" });

        var twin = (await api.Admin.GetAsync($"{devices}/phone")).Json;
        var history = await api.Admin.GetAsync($"{devices}/phone/events");

        Assert.Equal(("S-operator", "S-device"), (twin.GetProperty("serial").GetString(), twin.GetProperty("reportedSerial").GetString()));
        Assert.Contains("serialContradicted", history.Items("kind"));
        Assert.Equal(["phone"], (await api.Admin.GetAsync($"{devices}?serial=S-operator")).Items("device"));
        Assert.Empty((await api.Admin.GetAsync($"{devices}?serial=S-device")).Items("device"));
    }

    [Fact]
    public async Task An_owner_is_set_found_and_taken_away_again()
    {
        var tenant = await api.ATenantAsync();
        var devices = $"/v1/tenants/{tenant}/devices";
        await api.Admin.PostAsync(devices, """{ "device": "phone" }""");

        var owned = await api.Admin.PatchAsync($"{devices}/phone", """{ "owner": "kim@example.com" }""");
        var labeled = await api.Admin.PatchAsync($"{devices}/phone", """{ "labels": { "a": "b" } }""");
        var found = await api.Admin.GetAsync($"{devices}?owner=kim@example.com,somebody");
        var tooLong = await api.Admin.PatchAsync($"{devices}/phone", $$"""{ "owner": "{{new string('x', 257)}}" }""");
        var nobody = await api.Admin.PatchAsync($"{devices}/phone", """{ "owner": null }""");
        var events = await api.Admin.GetAsync($"{devices}/phone/events");

        Assert.Equal(("kim@example.com", "kim@example.com"), (owned.Text("owner"), labeled.Text("owner")));
        Assert.Equal(["phone"], found.Items("device"));
        Assert.Equal((400, "invalid_body"), (tooLong.Status, tooLong.Code));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, nobody.Json.GetProperty("owner").ValueKind);
        Assert.Empty((await api.Admin.GetAsync($"{devices}?owner=kim@example.com")).Items("device"));
        Assert.Equal(2, events.Items("kind").Count(kind => kind == "ownerChanged"));
    }

    private static Posture APosture() => new() { Platform = Platform.Ios, OsVersion = "16.4", EncryptionStatus = EncryptionStatus.Encrypted };

    private static string AsBody(string filter)
    {
        var parts = Uri.UnescapeDataString(filter).Split('=', 2);
        return $"\"{parts[0]}\": \"{parts[1]}\"";
    }

    /// <summary>In a tenant of its own; its policy demands an encrypted disk.</summary>
    private async Task<string> APhoneThatFailsAsync()
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync($"/v1/tenants/{tenant}/policies/strict", """{ "name": "Strict", "rules": [ { "id": "encrypted", "kind": "encryption" } ] }""");
        await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "phone", "policy": "strict" }""");
        await api.CheckInAsync(tenant, "phone", new Posture
        {
            Platform = Platform.Ios,
            Model = "iPad 5",
            OsVersion = "16.4",
            EncryptionStatus = EncryptionStatus.Unencrypted,
            Apps = Utf8Block.FromText("""[{"id":"com.example.a"},{"id":"com.example.b"}]"""),
            Attributes = Utf8Block.FromText("""{"a":1}"""),
        });
        return tenant;
    }

    private async Task<string> ThreeDevicesAsync()
    {
        var devices = $"/v1/tenants/{await api.ATenantAsync()}/devices";
        await api.Admin.PostAsync(devices, """{ "device": "a", "platform": "android", "labels": { "site": "berlin" } }""");
        await api.Admin.PostAsync(devices, """{ "device": "b", "platform": "ios", "labels": { "site": "paris" } }""");
        await api.Admin.PostAsync(devices, """{ "device": "c", "serial": "S-3" }""");
        return devices;
    }
}
