using System.Text;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Integrations;

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
    public async Task Nobody_approves_their_own_and_anybody_with_the_right_rejects_it()
    {
        var asker = await api.AsLongKnownAsync(KeyRole.Operator);
        var (tenant, hold) = await AHeldWipeAsync(asker);

        var approved = await asker.PostAsync($"{tenant}/holds/{hold}/approve");
        var rejected = await asker.PostAsync($"{tenant}/holds/{hold}/reject");

        Assert.Equal((403, "hold_own"), (approved.Status, approved.Code));
        Assert.Equal((200, "rejectedByGuard"), (rejected.Status, rejected.Text("status")));
    }

    [Fact]
    public async Task A_key_that_is_too_young_learns_when_it_may_approve_and_may_reject_at_once()
    {
        var (tenant, hold) = await AHeldWipeAsync();
        var made = await api.Admin.PostAsync("/v1/keys", """{ "name": "young", "role": "operator" }""");
        var young = api.As(made.Text("key"));

        var early = await young.PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((403, "key_too_young"), (early.Status, early.Code));
        Assert.Equal(made.Json.GetProperty("createdAt").GetDateTimeOffset().AddHours(24), early.Json.GetProperty("notBefore").GetDateTimeOffset());
        Assert.Contains("'young'", early.Text("detail"), StringComparison.Ordinal);
        Assert.Equal(200, (await young.PostAsync($"{tenant}/holds/{hold}/reject")).Status);
    }

    [Fact]
    public async Task A_key_that_asks_on_its_first_day_is_not_approved_on_it()
    {
        var (tenant, hold) = await AHeldWipeAsync(api.Admin); // which this server made when it started

        var early = await (await api.AsLongKnownAsync(KeyRole.Operator)).PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((403, "key_too_young"), (early.Status, early.Code));
        Assert.Contains("'admin'", early.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_one_person_made_for_themselves_is_no_second_person_even_when_the_first_one_is_removed()
    {
        var person = await api.AsLongKnownAsync(KeyRole.Admin);
        var robot = await api.AsLongKnownAsync(KeyRole.Operator, madeBy: person.KeyName);
        var (tenant, hold) = await AHeldWipeAsync(robot);

        var own = await person.PostAsync($"{tenant}/holds/{hold}/approve");
        await api.Admin.DeleteAsync($"/v1/keys/{robot.KeyName}");
        var removed = await person.PostAsync($"{tenant}/holds/{hold}/approve");
        var second = await (await api.AsLongKnownAsync(KeyRole.Operator)).PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((403, "hold_own"), (own.Status, own.Code));
        Assert.Equal((403, "hold_own"), (removed.Status, removed.Code));
        Assert.Equal(200, second.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // who sees the secret in a dry run has it when it counts
    public async Task What_a_webhook_asks_for_was_asked_by_whoever_saw_its_secret(bool isDryRun)
    {
        var person = await api.AsLongKnownAsync(KeyRole.Admin);
        var tenant = await ACarefulTenantAsync();
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "tablet-7" }""");
        var secret = (await person.PutAsync($"{tenant}/inbound/disposal", $$"""{ "dryRun": {{(isDryRun ? "true" : "false")}} }""")).Text("secret")!;
        await api.Admin.PutAsync($"{tenant}/inbound/disposal", "{}"); // which neither sets the secret nor shows it
        const string body = """{ "device": "tablet-7" }""";
        var signature = InboundSignature.Sign(secret, Encoding.UTF8.GetBytes(body), TimeProvider.System.GetUtcNow());
        var sent = await api.As(null).PostAsync($"{tenant}/inbound/disposal", body, ("X-Mdm-Delivery", "1"), ("X-Mdm-Signature", signature));
        Assert.Equal(200, sent.Status);
        var hold = (await api.Admin.GetAsync($"{tenant}/holds")).Items("id").Single();

        var own = await person.PostAsync($"{tenant}/holds/{hold}/approve");
        var second = await (await api.AsLongKnownAsync(KeyRole.Operator)).PostAsync($"{tenant}/holds/{hold}/approve");

        Assert.Equal((403, "hold_own"), (own.Status, own.Code));
        Assert.Equal(200, second.Status);
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
        var asker = await api.AsLongKnownAsync(KeyRole.Admin);

        var loosened = await asker.PutAsync(tenant, """{ "name": "Careful", "governor": {} }""");
        var holds = await api.Admin.GetAsync($"{tenant}/holds?limit=1");
        var own = await asker.PostAsync($"{tenant}/holds/governor/approve");
        var robots = await (await api.AsLongKnownAsync(KeyRole.Admin, madeBy: asker.KeyName)).PostAsync($"{tenant}/holds/governor/approve");
        var early = await api.Admin.PostAsync($"{tenant}/holds/governor/approve");
        var operators = await (await api.AsLongKnownAsync(KeyRole.Operator)).PostAsync($"{tenant}/holds/governor/approve");
        var approved = await (await api.AsLongKnownAsync(KeyRole.Admin)).PostAsync($"{tenant}/holds/governor/approve");

        Assert.Equal("twoPerson", loosened.Json.GetProperty("governor").GetProperty("approval").GetString());
        Assert.Equal("none", loosened.Json.GetProperty("pendingGovernor").GetProperty("governor").GetProperty("approval").GetString());
        Assert.Equal(["governor"], holds.Items("id"));
        Assert.Equal(("hold_own", "hold_own", "key_too_young"), (own.Code, robots.Code, early.Code));
        Assert.Equal(("hold_needs_administrator", 200), (operators.Code, approved.Status));
        Assert.Equal("none", (await api.Admin.GetAsync(tenant)).Json.GetProperty("governor").GetProperty("approval").GetString());
    }

    [Fact]
    public async Task Whoever_asked_for_a_looser_governor_may_take_it_back()
    {
        var (tenant, _) = await AHeldWipeAsync();
        await api.Admin.PutAsync(tenant, """{ "name": "Careful", "governor": {} }""");

        var rejected = await api.Admin.PostAsync($"{tenant}/holds/governor/reject");

        Assert.Equal((200, "rejected"), (rejected.Status, rejected.Text("status")));
        Assert.DoesNotContain("governor", (await api.Admin.GetAsync($"{tenant}/holds")).Items("id"));
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

    private async Task<(string Tenant, string Hold)> AHeldWipeAsync(ApiClient? asker = null)
    {
        var tenant = await ACarefulTenantAsync();
        await api.Admin.PostAsync($"{tenant}/devices", """{ "device": "tablet-7" }""");
        asker ??= await api.AsLongKnownAsync(KeyRole.Operator);
        Assert.Equal("onHold", (await asker.PostAsync($"{tenant}/devices/tablet-7/commands", """{ "kind": "wipe" }""")).Text("status"));
        return (tenant, (await api.Admin.GetAsync($"{tenant}/holds")).Items("id").Single()!);
    }
}
