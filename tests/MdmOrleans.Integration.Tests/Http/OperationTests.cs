using MdmOrleans.Core.CheckIns;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class OperationTests(ApiFixture api)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_operation_is_accepted_finds_its_devices_and_queues_a_command_for_each()
    {
        var tenant = await AFleetAsync(3);

        var accepted = await api.Admin.PostAsync(
            $"{tenant}/commands", """{ "kind": "message", "parameters": { "text" : "hi" }, "filter": { "label": "site=berlin" }, "waves": [100] }""");
        var read = await BecomesAsync(accepted.Location!, answer => Count(answer, "queued") == 2);

        Assert.Equal((202, $"{tenant}/operations/{accepted.Text("id")}"), (accepted.Status, accepted.Location));
        Assert.Equal(("planning", "key:admin", 100L), (accepted.Text("status"), accepted.Text("requestedBy"), accepted.Number("ratePerSecond")));
        Assert.Equal(("running", 2L, """{ "text" : "hi" }"""), (read.Text("status"), read.Number("devices"), read.Json.GetProperty("parameters").GetRawText()));
        Assert.Equal("""{"label":"site=berlin"}""", read.Json.GetProperty("filter").GetRawText());
        var command = (await api.Admin.GetAsync($"{tenant}/devices/tablet-0/commands")).Json.GetProperty("items")[0];
        Assert.Equal(("key:admin", $"operation {accepted.Text("id")}"), (command.GetProperty("requestedBy").GetString(), command.GetProperty("reason").GetString()));
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/devices/tablet-2/commands")).Items("id"));
    }

    [Fact]
    public async Task It_is_paused_adjusted_resumed_and_canceled_and_says_by_whom()
    {
        var tenant = await AFleetAsync(3);
        var operation = (await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "restart", "filter": {}, "waves": [100] }""")).Location!;
        await BecomesAsync(operation, answer => Count(answer, "queued") == 3);

        var paused = await api.Admin.PostAsync($"{operation}/pause");
        var again = await api.Admin.PostAsync($"{operation}/pause");
        var adjusted = await api.Admin.PatchAsync(operation, """{ "ratePerSecond": 7, "maxFailurePercent": 2.5 }""");
        var unbound = await api.Admin.PatchAsync(operation, """{ "maxFailurePercent": null }""");
        var resumed = await api.Admin.PostAsync($"{operation}/resume");
        var canceling = await api.Admin.PostAsync($"{operation}/cancel");
        var canceled = await BecomesAsync(operation, answer => answer.Text("status") == "canceled");
        var late = await api.Admin.PostAsync($"{operation}/resume");

        Assert.Equal((200, "paused", 200), (paused.Status, paused.Text("status"), again.Status));
        Assert.Equal((7L, 2.5), (adjusted.Number("ratePerSecond"), adjusted.Json.GetProperty("maxFailurePercent").GetDouble()));
        Assert.Equal((7L, "null"), (unbound.Number("ratePerSecond"), unbound.Json.GetProperty("maxFailurePercent").GetRawText()));
        Assert.Equal(("running", "canceling"), (resumed.Text("status"), canceling.Text("status")));
        Assert.Equal(3, Count(canceled, "canceled"));
        Assert.Equal((409, "operation_settled"), (late.Status, late.Code));
        Assert.Equal(
            ["started key:admin", "paused key:admin", "adjusted key:admin", "adjusted key:admin", "resumed key:admin", "canceled key:admin"],
            canceled.Json.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("step")} {step.GetProperty("actor")}"));
    }

    [Fact]
    public async Task A_dry_run_counts_and_changes_nothing()
    {
        var tenant = await AFleetAsync(3);
        await api.CheckInAsync(tenant.Split('/')[3], "tablet-1", new Posture { Platform = Platform.Ios, OsVersion = "17", EncryptionStatus = EncryptionStatus.Encrypted });

        var answer = await api.Admin.PostAsync(
            $"{tenant}/commands", """{ "kind": "wipe", "filter": { "devices": ["tablet-0", "tablet-1", "nobody"] }, "waves": [50], "dryRun": true }""");

        Assert.Equal((200, 2L), (answer.Status, answer.Number("devices")));
        Assert.Equal((1, 1), (answer.Json.GetProperty("platform").GetProperty("ios").GetInt32(), answer.Json.GetProperty("lifecycle").GetProperty("Provisioned").GetInt32()));
        Assert.Equal(["50: 1", "100: 2"], answer.Json.GetProperty("waves").EnumerateArray().Select(wave => $"{wave.GetProperty("percent")}: {wave.GetProperty("devices")}"));
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/operations")).Items("id"));
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/devices/tablet-0/commands")).Items("id"));
    }

    [Theory]
    [InlineData("""{ "filter": {} }""", "/kind")]
    [InlineData("""{ "kind": "lock" }""", "/filter")]
    [InlineData("""{ "kind": "lock", "filter": null }""", "/filter")]
    [InlineData("""{ "kind": "explode", "filter": {} }""", "/kind")]
    [InlineData("""{ "kind": "lock", "filter": {}, "parameters": [] }""", "/parameters")]
    [InlineData("""{ "kind": "lock", "filter": {}, "speed": 9 }""", "/speed")]
    [InlineData("""{ "kind": "lock", "filter": { "platfrom": "ios" } }""", "/filter/platfrom")]
    [InlineData("""{ "kind": "lock", "filter": { "platform": "symbian" } }""", "/filter/platform")]
    [InlineData("""{ "kind": "lock", "filter": { "lifecycle": "active" } }""", "/filter/lifecycle")]
    [InlineData("""{ "kind": "lock", "filter": { "label": "=x" } }""", "/filter/label")]
    [InlineData("""{ "kind": "lock", "filter": { "serial": "" } }""", "/filter/serial")]
    [InlineData("""{ "kind": "lock", "filter": { "notSeenSince": "yesterday" } }""", "/filter/notSeenSince")]
    [InlineData("""{ "kind": "lock", "filter": { "devices": [] } }""", "/filter/devices")]
    [InlineData("""{ "kind": "lock", "filter": { "devices": ["a", null] } }""", "/filter/devices/1")]
    [InlineData("""{ "kind": "lock", "filter": {}, "ratePerSecond": 0 }""", "/ratePerSecond")]
    [InlineData("""{ "kind": "lock", "filter": {}, "ratePerSecond": 10001 }""", "/ratePerSecond")]
    [InlineData("""{ "kind": "lock", "filter": {}, "waves": [] }""", "/waves")]
    [InlineData("""{ "kind": "lock", "filter": {}, "waves": [10, 5] }""", "/waves")]
    [InlineData("""{ "kind": "lock", "filter": {}, "waves": [1, null] }""", "/waves/1")]
    [InlineData("""{ "kind": "lock", "filter": {}, "maxFailurePercent": 100.5 }""", "/maxFailurePercent")]
    [InlineData("""{ "kind": "lock", "filter": {}, "expiresInSeconds": 0 }""", "/expiresInSeconds")]
    public async Task What_cannot_be_is_refused_with_the_place_and_starts_nothing(string body, string pointer)
    {
        var tenant = await AFleetAsync(0);

        var answer = await api.Admin.PostAsync($"{tenant}/commands", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/operations")).Items("id"));
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_it_once()
    {
        var tenant = await AFleetAsync(1);
        var key = ("Idempotency-Key", "order-66");

        var first = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "restart", "filter": {} }""", key);
        var again = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "restart", "filter": {} }""", key);
        var other = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "lock", "filter": {} }""", key);
        var unkeepable = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "restart", "filter": {} }""", ("Idempotency-Key", "with blank"));

        Assert.Equal((202, first.Text("id")), (again.Status, again.Text("id")));
        Assert.Equal((422, "idempotency_key_reused"), (other.Status, other.Code));
        Assert.Equal((400, "invalid_header"), (unkeepable.Status, unkeepable.Code));
        Assert.Single((await api.Admin.GetAsync($"{tenant}/operations")).Items("id"));
    }

    [Fact]
    public async Task An_operation_is_changed_only_in_the_version_that_was_read()
    {
        var tenant = await AFleetAsync(0);
        var started = await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "lock", "filter": {} }""");
        var read = await api.Admin.GetAsync(started.Location!);

        await api.Admin.PostAsync($"{started.Location}/pause");
        var stale = await api.Admin.PatchAsync(started.Location!, """{ "ratePerSecond": 7 }""", ("If-Match", read.ETag!));
        var paused = await api.Admin.GetAsync(started.Location!);
        var adjusted = await api.Admin.PatchAsync(started.Location!, """{ "ratePerSecond": 7 }""", ("If-Match", paused.ETag!));

        Assert.Equal(started.ETag, read.ETag);
        Assert.Equal((412, "version_mismatch"), (stale.Status, stale.Code));
        Assert.Equal((200, 7L), (adjusted.Status, adjusted.Number("ratePerSecond")));
        Assert.NotEqual(paused.ETag, adjusted.ETag);
    }

    [Fact]
    public async Task A_cursor_that_is_no_operation_of_the_tenant_is_refused()
    {
        var tenant = await AFleetAsync(0);

        var answer = await api.Admin.GetAsync($"{tenant}/operations?after={Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}");

        Assert.Equal((400, "cursor_unknown"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Operations_are_listed_newest_first_in_pages()
    {
        var tenant = await AFleetAsync(0);
        var ids = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "lock", "filter": {} }""")).Text("id"));
        }

        ids.Sort(StringComparer.Ordinal); // those of one millisecond have no order of their own
        var first = await api.Admin.GetAsync($"{tenant}/operations?limit=2");
        var rest = await api.Admin.GetAsync($"{tenant}/operations?after={first.Text("next")}");

        Assert.Equal([ids[2], ids[1], ids[0]], [.. first.Items("id"), .. rest.Items("id")]);
        Assert.False(rest.Json.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task Whoever_only_reads_starts_nothing_and_other_tenants_see_nothing()
    {
        var (tenant, other) = (await AFleetAsync(0), await AFleetAsync(0));
        var operation = (await api.Admin.PostAsync($"{tenant}/commands", """{ "kind": "lock", "filter": {} }""")).Location!;
        var reader = await api.AsAsync("reader");
        var stranger = await api.AsAsync("operator", other.Split('/')[3]);

        Assert.Equal(403, (await reader.PostAsync($"{tenant}/commands", """{ "kind": "lock", "filter": {} }""")).Status);
        Assert.Equal(403, (await reader.PostAsync($"{operation}/cancel")).Status);
        Assert.Equal(200, (await reader.GetAsync(operation)).Status);
        Assert.Equal((404, "tenant_not_found"), (await stranger.GetAsync(operation)) is var seen ? (seen.Status, seen.Code) : default);
        Assert.Equal("operation_not_found", (await stranger.GetAsync(operation.Replace(tenant, other, StringComparison.Ordinal))).Code);
        Assert.Equal("operation_not_found", (await stranger.PostAsync($"{other}/operations/nonsense/cancel")).Code);
        Assert.Equal("operation_not_found", (await stranger.PostAsync($"{other}/operations/00000000-0000-7000-8000-000000000000/pause")).Code);
    }

    /// <returns>The path of a tenant of its own; all of its devices but the last are in Berlin.</returns>
    private async Task<string> AFleetAsync(int devices)
    {
        var tenant = $"/v1/tenants/{await api.ATenantAsync()}";
        for (var i = 0; i < devices; i++)
        {
            var site = i == devices - 1 ? "paris" : "berlin";
            var created = await api.Admin.PostAsync($"{tenant}/devices", $$"""{ "device": "tablet-{{i}}", "labels": { "site": "{{site}}" } }""");
            Assert.Equal(201, created.Status);
        }

        return tenant;
    }

    private async Task<ApiAnswer> BecomesAsync(string operation, Func<ApiAnswer, bool> isSo)
    {
        ApiAnswer? answer = null;
        await Eventually.TrueAsync(async () => isSo(answer = await api.Admin.GetAsync(operation)), "the operation goes on", Patience);
        return answer!; // it was asked at least once
    }

    private static int Count(ApiAnswer answer, string status) => answer.Json.GetProperty("counts").GetProperty(status).GetInt32();
}
