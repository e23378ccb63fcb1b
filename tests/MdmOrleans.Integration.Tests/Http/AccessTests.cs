namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class AccessTests(ApiFixture api)
{
    [Fact]
    public async Task A_quarantined_device_is_sent_to_the_tenants_zone()
    {
        var tenant = await api.ATenantAsync("""{ "name": "a", "quarantineZone": "vlan-666" }""");
        await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "new" }""");

        var answer = await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/new/access");

        Assert.Equal((200, "quarantine", "vlan-666", 60L), (answer.Status, answer.Text("access"), answer.Text("zone"), answer.Number("maxAgeSeconds")));
    }

    [Fact]
    public async Task A_device_that_nobody_made_is_blocked()
    {
        var tenant = await api.ATenantAsync("""{ "name": "a", "quarantineZone": "vlan-666" }""");

        var answer = await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/nobody/access");

        Assert.Equal((200, "block", "unknownDevice"), (answer.Status, answer.Text("access"), answer.Text("reason")));
        Assert.False(answer.Json.TryGetProperty("zone", out _));
    }
}
