using System.Globalization;
using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Storage.Retention;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class HistoryTests(ApiFixture api)
{
    [Fact]
    public async Task The_tenants_history_has_the_events_of_all_its_devices_and_leads_on_from_each()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "a" }""");
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "b" }""");

        var all = await api.Admin.GetAsync($"{tenant}/events");
        var page = await api.Admin.GetAsync($"{tenant}/events?limit=3");
        var rest = await api.Admin.GetAsync($"{tenant}/events?after={page.Text("next")}");
        var behindTheFirst = await api.Admin.GetAsync($"{tenant}/events?after={all.Items("cursor")[0]}");
        var end = await api.Admin.GetAsync($"{tenant}/events?after={all.Items("cursor")[^1]}");

        Assert.Equal(["a deviceCreated", "a accessChanged", "b deviceCreated", "b accessChanged"], Show(all));
        Assert.Equal(Show(all), Show(page).Concat(Show(rest)));
        Assert.False(rest.Json.TryGetProperty("next", out _));
        Assert.Equal(Show(all).Skip(1), Show(behindTheFirst));
        Assert.Empty(end.Items("device"));
    }

    [Theory]
    [InlineData("after=0")]
    [InlineData("after=17")]
    [InlineData("after=")]
    [InlineData("after=AQAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cursor_that_never_was_is_refused(string query)
    {
        var tenant = await api.ATenantAsync();

        var answer = await api.Admin.GetAsync($"/v1/tenants/{tenant}/events?{query}");

        Assert.Equal((400, "cursor_unknown"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_whole_history_is_proved_to_its_last_event()
    {
        var device = await api.ADeviceAsync();
        await api.Admin.PatchAsync(device, """{ "labels": { "a": "1" } }""");
        var events = await api.Admin.GetAsync($"{device}/events");

        var answer = await api.Admin.GetAsync($"{device}/events/verify");

        Assert.True(answer.Json.GetProperty("intact").GetBoolean());
        Assert.Equal(3, answer.Number("events"));
        Assert.Equal(events.Items("hash")[^1], answer.Json.GetProperty("last").GetProperty("hash").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("anchor").ValueKind);
        Assert.False(answer.Json.TryGetProperty("fault", out _));
    }

    [Fact]
    public async Task A_twin_is_told_as_it_was()
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync("""{ "name": "a", "noncompliantWithoutPolicy": false }""")}";
        var device = $"{tenant}/devices/phone";
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "phone", "platform": "ios", "serial": "S-1", "labels": { "site": "berlin" } }""");
        await api.CheckInAsync(tenant.Split('/')[^1], "phone", new Posture { Platform = Platform.Ios, OsVersion = "16.5", EncryptionStatus = EncryptionStatus.Encrypted });
        await api.Admin.PatchAsync(device, """{ "labels": null }""");
        var events = (await api.Admin.GetAsync($"{device}/events")).Json.GetProperty("items").EnumerateArray().ToArray();

        var created = await api.Admin.GetAsync($"{device}?at={At(events[0])}");
        var now = await api.Admin.GetAsync($"{device}?at={At(events[^1])}");

        Assert.Equal(("Provisioned", "unknown", "quarantine"), (created.Text("lifecycle"), created.Text("compliance"), created.Text("access")));
        Assert.Equal(("ios", "S-1", null), (created.Text("platform"), created.Text("serial"), created.Text("osVersion")));
        Assert.Equal("""{"site":"berlin"}""", created.Json.GetProperty("labels").GetRawText());
        Assert.Equal(("Active", "compliant", "allow", "16.5"), (now.Text("lifecycle"), now.Text("compliance"), now.Text("access"), now.Text("osVersion")));
        Assert.Equal("{}", now.Json.GetProperty("labels").GetRawText());
        Assert.Contains("apps", now.Json.GetProperty("notKept").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(events.Length, now.Number("number"));
    }

    [Theory]
    [InlineData("2999-01-01T00:00:00Z", 422, "instant_in_future")]
    [InlineData("2001-01-01T00:00:00Z", 404, "device_not_there_yet")]
    [InlineData("yesterday", 400, "invalid_query")]
    [InlineData("2026-01-01", 400, "invalid_query")]
    public async Task An_instant_of_which_nothing_is_known_is_refused(string at, int status, string code)
    {
        var device = await api.ADeviceAsync();

        var answer = await api.Admin.GetAsync($"{device}?at={at}");

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task What_was_pruned_is_gone_and_says_so()
    {
        var directory = Directory.CreateTempSubdirectory("mdm-pruned-").FullName;
        await using (var host = await ApiHost.StartAsync(directory))
        {
            using var admin = new ApiClient(host.Address, await host.ReadAdminKeyAsync());
            await admin.PutAsync("/v1/tenants/acme", """{ "name": "Acme" }""");
            await admin.PostAsync("/v1/tenants/acme/devices", """{ "device": "a", "labels": { "site": "berlin" } }""");
            var created = (await admin.GetAsync("/v1/tenants/acme/devices/a/events")).Json.GetProperty("items")[0];
            var cursor = (await admin.GetAsync("/v1/tenants/acme/events?limit=1")).Items("cursor")[0];
            await host.Services.GetRequiredService<IHistoryPruner>().PruneAsync(TimeProvider.System.GetUtcNow().AddDays(1), TestContext.Current.CancellationToken);

            var stream = await admin.GetAsync($"/v1/tenants/acme/access/stream?after={cursor}");
            var events = await admin.GetAsync($"/v1/tenants/acme/events?after={cursor}");
            var past = await admin.GetAsync($"/v1/tenants/acme/devices/a?at={At(created, -1)}");
            var chain = await admin.GetAsync("/v1/tenants/acme/devices/a/events/verify");
            await admin.PatchAsync("/v1/tenants/acme/devices/a", """{ "labels": { "floor": "3" } }""");
            var now = await admin.GetAsync($"/v1/tenants/acme/devices/a?at={Text(TimeProvider.System.GetUtcNow())}");

            Assert.Equal((410, "cursor_pruned"), (stream.Status, stream.Code));
            Assert.Equal((410, "cursor_pruned"), (events.Status, events.Code));
            Assert.Equal(404, past.Status);
            Assert.True(chain.Json.GetProperty("intact").GetBoolean());
            Assert.Equal((2L, 0L), (chain.Json.GetProperty("anchor").GetProperty("number").GetInt64(), chain.Number("events")));
            Assert.Equal((200, "Provisioned", 3L), (now.Status, now.Text("lifecycle"), now.Number("number")));
            Assert.Equal("""{"floor":"3","site":"berlin"}""", now.Json.GetProperty("labels").GetRawText());
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_device_that_nobody_made_has_no_past()
    {
        var device = $"/v1/tenants/{await api.ATenantAsync()}/devices/nobody";

        var past = await api.Admin.GetAsync($"{device}?at=2026-01-01T00:00:00Z");
        var chain = await api.Admin.GetAsync($"{device}/events/verify");

        Assert.Equal((404, "device_not_found"), (past.Status, past.Code));
        Assert.Equal((404, "device_not_found"), (chain.Status, chain.Code));
    }

    private static string At(JsonElement entry, int milliseconds = 0) => Text(entry.GetProperty("at").GetDateTimeOffset().AddMilliseconds(milliseconds));

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static string[] Show(ApiAnswer answer) => [.. answer.Items("device").Zip(answer.Items("kind"), (device, kind) => $"{device} {kind}")];
}
