namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class DeviceTests(ApiFixture api)
{
    [Fact]
    public async Task A_new_twin_has_every_member_and_a_token_that_is_shown_once()
    {
        var devices = $"/v1/tenants/{await api.ATenantAsync()}/devices";

        var made = await api.Admin.PostAsync(
            devices, """{ "device": "Tablet_7.a", "platform": "android", "serial": "C02", "labels": { "site": "berlin" } }""");
        var read = await api.Admin.GetAsync($"{devices}/Tablet_7.a");

        Assert.Equal((201, "\"1\"", $"{devices}/Tablet_7.a"), (made.Status, made.ETag, made.Location));
        Assert.Equal(43, made.Text("deviceToken")!.Split('_', 2)[1].Length);
        Assert.Equal(
            """
            "version":1,"epoch":1,"lifecycle":"Provisioned","quarantineReasons":[],"compliance":"unknown","access":"quarantine","findings":[],
            "noncompliantSince":null,"graceEndsAt":null,"nextDueAt":null,"policy":null,"platform":"android","model":null,"serial":"C02",
            "osVersion":null,"patchLevel":null,"encryptionStatus":null,"keyProtectEnabled":null,"jailbroken":null,"passcodeSet":null,
            "apps":null,"attributes":null,"labels":{"site":"berlin"},"owner":null,"connected":false,"lastSeenAt":null,"lastCheckInAt":null,
            "pendingCommands":0}
            """.ReplaceLineEndings(""),
            read.Body[read.Body.IndexOf("\"version\"", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task A_device_is_made_once()
    {
        var device = await api.ADeviceAsync();

        var again = await api.Admin.PostAsync(device[..device.LastIndexOf('/')], """{ "device": "tablet-7" }""");

        Assert.Equal((409, "device_exists"), (again.Status, again.Code));
    }

    [Theory]
    [InlineData("""{ }""", "/device")]
    [InlineData("""{ "device": "a b" }""", "/device")]
    [InlineData("""{ "device": "a", "platform": "Android" }""", "/platform")]
    [InlineData("""{ "device": "a", "serial": "" }""", "/serial")]
    [InlineData("""{ "device": "a", "labels": { "a b": "c" } }""", "/labels/a b")]
    [InlineData("""{ "device": "a", "labels": { "a": null } }""", "/labels/a")]
    [InlineData("""{ "device": "a", "labels": { "a": 1 } }""", "/labels/a")]
    [InlineData("""{ "device": "a", "lifecycle": "Active" }""", "/lifecycle")]
    public async Task A_device_that_cannot_be_is_refused_with_the_place(string body, string pointer)
    {
        var answer = await api.Admin.PostAsync($"/v1/tenants/{await api.ATenantAsync()}/devices", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
    }

    [Fact]
    public async Task A_policy_that_does_not_exist_is_unprocessable()
    {
        var device = await api.ADeviceAsync();

        var made = await api.Admin.PostAsync(device[..device.LastIndexOf('/')], """{ "device": "other", "policy": "missing" }""");
        var patched = await api.Admin.PatchAsync(device, """{ "policy": "missing" }""");

        Assert.Equal((422, 422), (made.Status, patched.Status));
    }

    [Fact]
    public async Task A_patch_changes_what_it_mentions()
    {
        var device = await api.ADeviceAsync();
        await api.Admin.PatchAsync(device, """{ "labels": { "site": "berlin", "floor": "1" } }""");

        var merged = await api.Admin.PatchAsync(device, """{ "labels": { "floor": null, "room": "4" } }""");
        var untouched = await api.Admin.PatchAsync(device, """{ "policy": null }""");
        var cleared = await api.Admin.PatchAsync(device, """{ "labels": null }""");

        Assert.Equal("""{"room":"4","site":"berlin"}""", merged.Json.GetProperty("labels").GetRawText());
        Assert.Equal("""{"room":"4","site":"berlin"}""", untouched.Json.GetProperty("labels").GetRawText());
        Assert.Equal("{}", cleared.Json.GetProperty("labels").GetRawText());
    }

    [Fact]
    public async Task A_patch_of_a_version_that_has_passed_changes_nothing()
    {
        var device = await api.ADeviceAsync();
        await api.Admin.PatchAsync(device, """{ "labels": { "a": "1" } }""", ("If-Match", "\"1\""));

        var stale = await api.Admin.PatchAsync(device, """{ "labels": { "a": "2" } }""", ("If-Match", "\"1\""));

        Assert.Equal((412, "version_mismatch"), (stale.Status, stale.Code));
        Assert.Equal("1", (await api.Admin.GetAsync(device)).Json.GetProperty("labels").GetProperty("a").GetString());
    }

    [Fact]
    public async Task A_new_token_begins_a_new_epoch()
    {
        var device = await api.ADeviceAsync();

        var answer = await api.Admin.PostAsync($"{device}/token");

        Assert.Equal((201, 2L), (answer.Status, answer.Number("epoch")));
        Assert.NotEmpty(answer.Text("deviceToken")!);
        Assert.Equal(2L, (await api.Admin.GetAsync(device)).Number("epoch"));
    }

    [Fact]
    public async Task Only_a_retired_device_can_be_deleted()
    {
        var answer = await api.Admin.DeleteAsync(await api.ADeviceAsync());

        Assert.Equal((409, "device_not_retired"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_device_that_nobody_made_is_not_found_however_it_is_asked()
    {
        var device = $"/v1/tenants/{await api.ATenantAsync()}/devices/nobody";

        var answers = new[]
        {
            await api.Admin.GetAsync(device),
            await api.Admin.PatchAsync(device, "{}"),
            await api.Admin.PatchAsync(device, "{}", ("If-Match", "*")),
            await api.Admin.DeleteAsync(device),
            await api.Admin.PostAsync($"{device}/token"),
            await api.Admin.GetAsync($"{device}/events"),
            await api.Admin.GetAsync($"{device}/commands"),
            await api.Admin.PostAsync($"{device}/commands", """{ "kind": "lock" }"""),
        };

        Assert.All(answers, answer => Assert.Equal((404, "device_not_found"), (answer.Status, answer.Code)));
    }

    [Fact]
    public async Task The_history_is_read_by_number()
    {
        var device = await api.ADeviceAsync();
        await api.Admin.PatchAsync(device, """{ "labels": { "a": "1" } }""");

        var first = await api.Admin.GetAsync($"{device}/events?limit=1");
        var rest = await api.Admin.GetAsync($"{device}/events?after={first.Text("next")}");

        Assert.Equal(["deviceCreated"], first.Items("kind"));
        Assert.Equal(["accessChanged", "labelsChanged"], rest.Items("kind"));
        Assert.Equal("key:admin", rest.Items("actor")[1]);
        Assert.Equal(64, rest.Items("hash")[0]!.Length);
        Assert.False(rest.Json.TryGetProperty("next", out _));
    }
}
