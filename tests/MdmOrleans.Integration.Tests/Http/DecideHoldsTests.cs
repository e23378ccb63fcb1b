using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class DecideHoldsTests(ApiFixture api)
{
    [Fact]
    public async Task Each_hold_of_a_list_has_its_own_result()
    {
        var (tenant, holds, _) = await AHeldFleetAsync("a", "b");
        var unknown = holds[0][..^1] + (holds[0][^1] == '0' ? '1' : '0');
        var second = await api.AsLongKnownAsync(KeyRole.Operator);
        await second.PostAsync($"{tenant}/holds/{holds[1]}/reject");

        var answer = await second.PostAsync(
            $"{tenant}/holds/decide", $$"""{ "decision": "approve", "ids": ["{{holds[0]}}", "{{holds[1]}}", "{{unknown}}", "nonsense"], "note": "Ticket 7" }""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            [$"{holds[0]} queued", $"{holds[1]} hold_settled", $"{unknown} hold_not_found", "nonsense hold_not_found"],
            Items(answer).Select(Show));
        Assert.Contains("\"note\":\"Ticket 7\"", (await api.Admin.GetAsync($"{tenant}/devices/a/events")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_filter_decides_what_it_describes_and_nothing_else()
    {
        var (tenant, holds, asker) = await AHeldFleetAsync("a", "b", "c");
        await api.Admin.PostAsync($"{tenant}/devices/a/commands", """{ "kind": "retire" }""");
        var second = await api.AsLongKnownAsync(KeyRole.Operator);

        var nobodys = await second.PostAsync($"{tenant}/holds/decide", """{ "decision": "reject", "filter": { "requestedBy": "key:nobody" } }""");
        var older = await second.PostAsync($"{tenant}/holds/decide", """{ "decision": "reject", "filter": { "heldBefore": "2020-01-01T00:00:00Z" } }""");
        var wipes = await second.PostAsync(
            $"{tenant}/holds/decide",
            $$"""{ "decision": "reject", "filter": { "kind": "wipe", "reason": "approvalRequired", "requestedBy": "key:{{asker.KeyName}}" } }""");

        Assert.Empty(Items(nobodys));
        Assert.Empty(Items(older));
        Assert.Equal(holds.Select(hold => $"{hold} rejectedByGuard"), Items(wipes).Select(Show));
        Assert.Equal(["retire"], (await api.Admin.GetAsync($"{tenant}/holds")).Items("kind"));
    }

    [Fact]
    public async Task Nobody_approves_their_own_in_bulk_and_a_loosened_governor_needs_an_administrator()
    {
        var (tenant, holds, asker) = await AHeldFleetAsync("a");
        await asker.PatchAsync(tenant, """{ "governor": { "approval": "none" } }""");

        var own = await asker.PostAsync($"{tenant}/holds/decide", $$"""{ "decision": "approve", "ids": ["{{holds[0]}}", "governor"] }""");
        var anOperator = await (await api.AsLongKnownAsync(KeyRole.Operator)).PostAsync(
            $"{tenant}/holds/decide", """{ "decision": "approve", "ids": ["governor"] }""");
        var everything = await (await api.AsLongKnownAsync(KeyRole.Admin)).PostAsync($"{tenant}/holds/decide", """{ "decision": "approve", "filter": {} }""");

        Assert.Equal([$"{holds[0]} hold_own", "governor hold_own"], Items(own).Select(Show));
        Assert.Equal(["governor hold_needs_administrator"], Items(anOperator).Select(Show));
        Assert.Equal([$"{holds[0]} queued"], Items(everything).Select(Show)); // a filter reaches commands, never the governor
    }

    [Fact]
    public async Task Approving_the_end_of_a_fleet_waits_for_a_word_and_rejecting_it_does_not()
    {
        var (tenant, _, _) = await AHeldFleetAsync("a", "b");
        foreach (var device in new[] { "a", "b" })
        {
            await api.CheckInAsync(
                tenant.Split('/')[^1], device, new Posture { Platform = Platform.Linux, OsVersion = "1.0", EncryptionStatus = EncryptionStatus.Encrypted });
        }

        var second = await api.AsLongKnownAsync(KeyRole.Operator);
        const string All = """{ "decision": "approve", "filter": { "kind": "wipe" } }""";

        var stopped = await second.PostAsync($"{tenant}/holds/decide", All);
        var approved = await second.PostAsync($"{tenant}/holds/decide?confirm={stopped.Text("confirm")}", All);

        Assert.Equal((409, "mass_effect", 2), (stopped.Status, stopped.Code, stopped.Number("affected")));
        Assert.Equal((200, 2), (approved.Status, Items(approved).Count(item => item.TryGetProperty("status", out _))));
    }

    [Theory]
    [InlineData("""{ "decision": "maybe", "ids": ["a:b"] }""", "/decision")]
    [InlineData("""{ "decision": "reject" }""", "")]
    [InlineData("""{ "decision": "reject", "ids": ["a:b"], "filter": {} }""", "")]
    [InlineData("""{ "decision": "reject", "ids": [] }""", "/ids")]
    [InlineData("""{ "decision": "reject", "filter": { "kind": "lock" } }""", "/filter/kind")]
    [InlineData("""{ "decision": "reject", "filter": { "heldBefore": "yesterday" } }""", "/filter/heldBefore")]
    [InlineData("""{ "decision": "reject", "filter": { "device": "a" } }""", "/filter/device")]
    public async Task What_makes_no_sense_is_refused(string body, string pointer)
    {
        var (tenant, _, _) = await AHeldFleetAsync("a");

        var answer = await api.Admin.PostAsync($"{tenant}/holds/decide", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Single((await api.Admin.GetAsync($"{tenant}/holds")).Items("id"));
    }

    private static JsonElement[] Items(ApiAnswer answer) => [.. answer.Json.GetProperty("items").EnumerateArray()];

    private static string Show(JsonElement item) =>
        $"{item.GetProperty("id")} {(item.TryGetProperty("status", out var status) ? status : item.GetProperty("problem").GetProperty("code"))}";

    /// <summary>Devices of which a wipe is held.</summary>
    private async Task<(string Tenant, string[] Holds, ApiClient Asker)> AHeldFleetAsync(params string[] devices)
    {
        var asker = await api.AsLongKnownAsync(KeyRole.Admin);
        var tenant = $"/v1/tenants/{await api.ATenantAsync(
            """{ "name": "Careful", "noncompliantWithoutPolicy": false, "governor": { "approval": "twoPerson" } }""")}";
        foreach (var device in devices)
        {
            await api.Admin.PostAsync($"{tenant}/devices", $$"""{ "device": "{{device}}" }""");
            await asker.PostAsync($"{tenant}/devices/{device}/commands", """{ "kind": "wipe" }""");
        }

        return (tenant, [.. (await api.Admin.GetAsync($"{tenant}/holds")).Items("id").OfType<string>()], asker);
    }
}
