using MdmOrleans.Core.Identity;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class HoldTests(ApiFixture api)
{
    [Fact]
    public async Task A_second_person_lets_a_held_wipe_go()
    {
        var (tenant, hold) = await AHeldWipeAsync();
        var second = await api.AsLongKnownAsync(KeyRole.Operator);

        var approved = await second.PostAsync($"{tenant}/holds/{hold}/approve");
        var again = await second.PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((200, "queued"), (approved.Status, approved.Text("status")));
        Assert.Equal((409, "hold_settled"), (again.Status, again.Code));
        Assert.Empty((await api.Admin.GetAsync($"{tenant}/holds")).Items("id"));
    }

    [Fact]
    public async Task What_is_rejected_never_goes()
    {
        var (tenant, hold) = await AHeldWipeAsync();
        var second = await api.AsLongKnownAsync(KeyRole.Operator);

        var rejected = await second.PostAsync($"{tenant}/holds/{hold}/reject");

        Assert.Equal((200, "rejectedByGuard"), (rejected.Status, rejected.Text("status")));
        Assert.Equal(409, (await second.PostAsync($"{tenant}/holds/{hold}/approve")).Status);
    }

    [Fact]
    public async Task Nobody_decides_their_own_and_no_key_in_its_first_day()
    {
        var (tenant, hold) = await AHeldWipeAsync();
        var young = await api.AsAsync("operator");

        var own = await api.Admin.PostAsync($"{tenant}/holds/{hold}/approve");
        var early = await young.PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((403, "hold_own"), (own.Status, own.Code));
        Assert.Equal((403, "key_too_young"), (early.Status, early.Code));
    }

    [Theory]
    [InlineData("tablet-7:00000000-0000-7000-8000-000000000000")]
    [InlineData("nobody:00000000-0000-7000-8000-000000000000")]
    [InlineData("nonsense")]
    [InlineData("governor")]
    public async Task A_hold_that_does_not_exist_is_not_found(string hold)
    {
        var (tenant, _) = await AHeldWipeAsync();

        var answer = await api.Admin.PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((404, "hold_not_found"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Pages_of_holds_follow_each_other_without_gap_or_overlap()
    {
        var tenant = await ACarefulTenantAsync();
        foreach (var name in new[] { "a", "b" })
        {
            await api.Admin.PostAsync($"{tenant}/devices", $$"""{ "device": "{{name}}" }""");
            await api.Admin.PostAsync($"{tenant}/devices/{name}/commands", """{ "kind": "wipe" }""");
            await api.Admin.PostAsync($"{tenant}/devices/{name}/commands", """{ "kind": "retire" }""");
        }

        List<string?> seen = [];
        for (string? next = ""; next is not null;)
        {
            var page = await api.Admin.GetAsync($"{tenant}/holds?limit=1{next}");
            seen.Add($"{page.Items("device").Single()} {page.Items("kind").Single()}");
            next = page.Json.TryGetProperty("next", out var after) ? $"&after={Uri.EscapeDataString(after.GetString()!)}" : null;
        }

        Assert.Equal(["a wipe", "a retire", "b wipe", "b retire"], seen);
    }

    [Fact]
    public async Task Whoever_only_reads_decides_nothing()
    {
        var (tenant, hold) = await AHeldWipeAsync();

        var answer = await (await api.AsLongKnownAsync(KeyRole.Reader)).PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal(403, answer.Status);
    }

    [Fact]
    public async Task Loosening_the_governor_waits_and_a_second_administrator_decides()
    {
        var (tenant, _) = await AHeldWipeAsync();

        var loosened = await api.Admin.PutAsync(tenant, """{ "name": "Careful" }""");
        var holds = await api.Admin.GetAsync($"{tenant}/holds?limit=1");
        var own = await api.Admin.PostAsync($"{tenant}/holds/governor/approve");
        var operators = await (await api.AsLongKnownAsync(KeyRole.Operator)).PostAsync($"{tenant}/holds/governor/approve");
        var approved = await (await api.AsLongKnownAsync(KeyRole.Admin)).PostAsync($"{tenant}/holds/governor/approve");

        Assert.Equal("twoPerson", loosened.Json.GetProperty("governor").GetProperty("approval").GetString());
        Assert.Equal("none", loosened.Json.GetProperty("pendingGovernor").GetProperty("governor").GetProperty("approval").GetString());
        Assert.Equal(["governor"], holds.Items("id"));
        Assert.Equal(("hold_own", "hold_needs_administrator", 200), (own.Code, operators.Code, approved.Status));
        Assert.Equal("none", (await api.Admin.GetAsync(tenant)).Json.GetProperty("governor").GetProperty("approval").GetString());
    }

    [Fact]
    public async Task Tightening_the_governor_counts_at_once_and_takes_back_a_loosening_that_waits()
    {
        var (tenant, _) = await AHeldWipeAsync();
        await api.Admin.PutAsync(tenant, """{ "name": "Careful", "governor": { "maxInWindow": 500 } }""");

        var tightened = await api.Admin.PutAsync(tenant, """{ "name": "Careful", "governor": { "approval": "twoPerson", "maxInWindow": 3 } }""");

        Assert.Equal(3, tightened.Json.GetProperty("governor").GetProperty("maxInWindow").GetInt32());
        Assert.False(tightened.Json.TryGetProperty("pendingGovernor", out _));
    }

    [Fact]
    public async Task Before_there_is_a_device_the_governor_is_loosened_at_once()
    {
        var tenant = await ACarefulTenantAsync();

        var loosened = await api.Admin.PutAsync(tenant, """{ "name": "Careful", "governor": { "maxInWindow": 500 } }""");

        Assert.Equal(500, loosened.Json.GetProperty("governor").GetProperty("maxInWindow").GetInt32());
        Assert.False(loosened.Json.TryGetProperty("pendingGovernor", out _));
    }

    private async Task<string> ACarefulTenantAsync() =>
        $"/v1/tenants/{await api.ATenantAsync("""{ "name": "Careful", "governor": { "approval": "twoPerson" } }""")}";

    private async Task<(string Tenant, string Hold)> AHeldWipeAsync()
    {
        var tenant = await ACarefulTenantAsync();
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "tablet-7" }""");
        Assert.Equal("onHold", (await api.Admin.PostAsync($"{tenant}/devices/tablet-7/commands", """{ "kind": "wipe" }""")).Text("status"));
        return (tenant, (await api.Admin.GetAsync($"{tenant}/holds")).Items("id").Single()!);
    }
}
