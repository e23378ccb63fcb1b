namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class TransitionTests(ApiFixture api)
{
    [Fact]
    public async Task A_lost_device_is_quarantined_and_locked_and_its_wipe_is_listed_among_the_holds()
    {
        var device = await api.ADeviceAsync();

        var lost = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Quarantined", "reason": "lost", "note": "left in a taxi" }""");

        Assert.Equal((200, "Quarantined"), (lost.Status, lost.Text("lifecycle")));
        Assert.Equal(["wipe onHold", "lock queued"], await CommandsAsync(device));
        var holds = await api.Admin.GetAsync($"{TenantOf(device)}/holds");
        Assert.Equal(["wipe"], holds.Items("kind"));
        Assert.Equal(["lostWipe"], holds.Items("reason"));
        Assert.Contains("left in a taxi", (await api.Admin.GetAsync($"{device}/events")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_is_found_goes_back_and_its_wipe_is_canceled()
    {
        var device = await api.ADeviceAsync();
        await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Quarantined", "reason": "stolen" }""");

        var found = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Active", "reason": "found" }""");

        Assert.Equal((200, "Provisioned"), (found.Status, found.Text("lifecycle")));
        Assert.Empty((await api.Admin.GetAsync($"{TenantOf(device)}/holds")).Items("id"));
    }

    [Fact]
    public async Task A_retirement_that_the_governor_holds_is_202_and_leaves_the_twin_as_it_was()
    {
        var tenant = await api.ATenantAsync("""{ "name": "Careful", "governor": { "approval": "twoPerson" } }""");
        await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "tablet-7" }""");
        var device = $"/v1/tenants/{tenant}/devices/tablet-7";

        var held = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Retired", "reason": "disposed" }""");

        Assert.Equal((202, "Provisioned"), (held.Status, held.Text("lifecycle")));
        Assert.Equal("approvalRequired", held.Json.GetProperty("hold").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_retired_device_goes_nowhere()
    {
        var device = await api.ADeviceAsync();
        var retired = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Retired", "reason": "operator" }""");

        var again = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Retired", "reason": "operator" }""");
        var back = await api.Admin.PostAsync($"{device}/transitions", """{ "to": "Active", "reason": "operator" }""");

        Assert.Equal((200, "Retired", 200), (retired.Status, retired.Text("lifecycle"), again.Status));
        Assert.Equal(retired.Number("version"), again.Number("version"));
        Assert.Equal((409, "device_retired"), (back.Status, back.Code));
    }

    [Theory]
    [InlineData("""{ "to": "Quarantined", "reason": "found" }""")]
    [InlineData("""{ "to": "Active", "reason": "operator" }""")]
    [InlineData("""{ "to": "Retired", "reason": "lost" }""")]
    public async Task A_move_that_its_reason_does_not_answer_for_is_a_conflict(string body)
    {
        var answer = await api.Admin.PostAsync($"{await api.ADeviceAsync()}/transitions", body);

        Assert.Equal((409, "transition_not_allowed"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("""{ "reason": "lost" }""", "/to")]
    [InlineData("""{ "to": "Provisioned", "reason": "lost" }""", "/to")]
    [InlineData("""{ "to": "Retired", "reason": "bored" }""", "/reason")]
    [InlineData("""{ "to": "Retired", "reason": "operator", "by": "me" }""", "/by")]
    public async Task A_move_that_cannot_be_read_is_refused_with_the_place(string body, string pointer)
    {
        var answer = await api.Admin.PostAsync($"{await api.ADeviceAsync()}/transitions", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
    }

    private static string TenantOf(string device) => device[..device.IndexOf("/devices", StringComparison.Ordinal)];

    private async Task<string[]> CommandsAsync(string device)
    {
        var list = await api.Admin.GetAsync($"{device}/commands");
        return [.. list.Items("kind").Zip(list.Items("status"), (kind, status) => $"{kind} {status}")];
    }
}
