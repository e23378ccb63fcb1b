using System.Text.Json;
using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class PreviewTests(ApiFixture api)
{
    private const string Baseline =
        """{ "name": "Baseline", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "linux": "2" } } ] }""";

    private const string Stricter =
        """
        { "name": "Baseline", "graceHours": 24, "onNoncompliance": [ { "afterHours": 72, "action": "nominateRetire" } ],
          "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "linux": "3" } } ] }
        """;

    [Fact]
    public async Task A_draft_says_who_would_change_and_changes_nothing()
    {
        var tenant = await AFleetAsync(("a", "3.0"), ("b", "2.5"), ("c", "1.0"), ("never", null));
        var before = await api.Admin.GetAsync($"{tenant}/devices");

        var answer = await api.Admin.PostAsync($"{tenant}/policies/baseline/preview", Stricter);

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"unknown":1,"compliant":2,"inGracePeriod":1,"noncompliant":0,"error":0}""", answer.Json.GetProperty("before").GetRawText());
        Assert.Equal("""{"unknown":1,"compliant":1,"inGracePeriod":2,"noncompliant":0,"error":0}""", answer.Json.GetProperty("after").GetRawText());
        var changes = Changes(answer);
        Assert.Equal(["b compliant inGracePeriod os", "c inGracePeriod inGracePeriod os"], changes.Select(Show));
        var step = Assert.Single(changes[0].GetProperty("steps").EnumerateArray());
        Assert.Equal("nominateRetire", step.GetProperty("action").GetString());
        Assert.Equal(TimeSpan.FromHours(48), step.GetProperty("at").GetDateTimeOffset() - changes[0].GetProperty("graceEndsAt").GetDateTimeOffset());
        Assert.Equal(before.Body, (await api.Admin.GetAsync($"{tenant}/devices")).Body);
        Assert.Equal(1, (await api.Admin.GetAsync($"{tenant}/policies/baseline")).Number("version"));
    }

    [Fact]
    public async Task The_policy_as_it_is_would_change_nothing()
    {
        var tenant = await AFleetAsync(("a", "3.0"), ("c", "1.0"));

        var answer = await api.Admin.PostAsync($"{tenant}/policies/baseline/preview", Baseline);

        Assert.Equal(answer.Json.GetProperty("before").GetRawText(), answer.Json.GetProperty("after").GetRawText());
        Assert.Empty(Changes(answer));
    }

    [Fact]
    public async Task The_changes_come_in_pages_and_each_has_the_counts_of_the_whole_fleet()
    {
        var tenant = await AFleetAsync([.. Enumerable.Range(0, 7).Select(i => ($"d{i}", (string?)"2.5"))]);

        var all = await api.Admin.PostAsync($"{tenant}/policies/baseline/preview", Stricter);
        var pages = new List<ApiAnswer> { await api.Admin.PostAsync($"{tenant}/policies/baseline/preview?limit=3", Stricter) };
        while (pages[^1].Json.GetProperty("changes").TryGetProperty("next", out var next))
        {
            pages.Add(await api.Admin.PostAsync($"{tenant}/policies/baseline/preview?limit=3&after={next.GetString()}", Stricter));
        }

        Assert.Equal([3, 3, 1], pages.Select(page => Changes(page).Length));
        Assert.Equal(Changes(all).Select(Show), pages.SelectMany(Changes).Select(Show));
        Assert.All(pages, page => Assert.Equal(all.Json.GetProperty("after").GetRawText(), page.Json.GetProperty("after").GetRawText()));
    }

    [Fact]
    public async Task A_policy_that_nobody_has_yet_is_previewed_as_the_default()
    {
        var tenant = await AFleetAsync(("a", "3.0"), ("b", "2.5"));

        var answer = await api.Admin.PostAsync($"{tenant}/policies/brand-new/preview", Stricter);

        Assert.True(answer.Json.GetProperty("asDefault").GetBoolean());
        Assert.Equal(["b compliant inGracePeriod os"], Changes(answer).Select(Show));
        Assert.Equal(404, (await api.Admin.GetAsync($"{tenant}/policies/brand-new")).Status);
    }

    [Theory]
    [InlineData("""{ "name": "x", "rules": [ { "id": "a", "kind": "magic" } ] }""", "/rules/0/kind")]
    [InlineData("""{ "name": "x", "rules": [ { "id": "a", "kind": "osVersion", "minimum": { "ios": "16" }, "maximum": { "ios": "15" } } ] }""", "/rules/0/maximum/ios")]
    [InlineData("""{ "rules": [], "graceHours": -1 }""", "/graceHours", "/name")]
    public async Task A_draft_that_could_not_be_stored_is_refused_with_its_places(string draft, params string[] pointers)
    {
        var tenant = await AFleetAsync(("a", "3.0"));

        var answer = await api.Admin.PostAsync($"{tenant}/policies/baseline/preview", draft);

        Assert.Equal((400, "policy_invalid"), (answer.Status, answer.Code));
        Assert.Equal(pointers, answer.Pointers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("after=x", 400, "cursor_unknown")]
    [InlineData("after=", 400, "cursor_unknown")]
    [InlineData("limit=0", 400, "invalid_query")]
    [InlineData("dry=true", 400, "invalid_query")]
    public async Task What_makes_no_sense_is_refused(string query, int status, string code)
    {
        var tenant = await AFleetAsync(("a", "3.0"));

        var answer = await api.Admin.PostAsync($"{tenant}/policies/baseline/preview?{query}", Stricter);

        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_cursor_means_nothing_with_another_draft()
    {
        var tenant = await AFleetAsync(("a", "2.5"), ("b", "2.5"));
        var first = await api.Admin.PostAsync($"{tenant}/policies/baseline/preview?limit=1", Stricter);

        var answer = await api.Admin.PostAsync(
            $"{tenant}/policies/baseline/preview?limit=1&after={first.Json.GetProperty("changes").GetProperty("next").GetString()}", Baseline);

        Assert.Equal((400, "cursor_unknown"), (answer.Status, answer.Code));
    }

    /// <summary>Devices by what they said; one that said nothing was never heard of.</summary>
    private async Task<string> AFleetAsync(params (string Device, string? OsVersion)[] devices)
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PutAsync($"/v1/tenants/{tenant}/policies/baseline", Baseline);
        await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "a", "defaultPolicy": "baseline" }""");
        foreach (var (device, osVersion) in devices)
        {
            await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", $$"""{ "device": "{{device}}" }""");
            if (osVersion is not null)
            {
                await api.CheckInAsync(
                    tenant, device, new Posture { Platform = Platform.Linux, OsVersion = osVersion, EncryptionStatus = EncryptionStatus.Encrypted });
            }
        }

        return $"/v1/tenants/{tenant}";
    }

    private static JsonElement[] Changes(ApiAnswer answer) => [.. answer.Json.GetProperty("changes").GetProperty("items").EnumerateArray()];

    private static string Show(JsonElement change) =>
        $"{change.GetProperty("device")} {change.GetProperty("from")} {change.GetProperty("to")} {string.Join(',', change.GetProperty("rules").EnumerateArray())}";
}
