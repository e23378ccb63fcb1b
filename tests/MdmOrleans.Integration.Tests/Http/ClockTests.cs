namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class ClockTests(ApiFixture api)
{
    [Fact]
    public async Task Clocks_are_confirmed_by_an_administrator_of_the_whole_installation_and_by_nobody_else()
    {
        await api.Admin.PutAsync("/v1/tenants/clocks", """{ "name": "Clocks" }""");
        var made = await api.Admin.PostAsync("/v1/keys", """{ "name": "clock-keeper", "role": "admin", "tenants": ["clocks"] }""");
        using var tenantAdmin = api.As(made.Text("key"));

        var refused = await tenantAdmin.PostAsync("/v1/clock/confirm");
        var confirmed = await api.Admin.PostAsync("/v1/clock/confirm");

        Assert.Equal(403, refused.Status);
        Assert.Equal(200, confirmed.Status);
        var server = Assert.Single(confirmed.Json.GetProperty("servers").EnumerateArray());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, server.GetProperty("doubt").ValueKind);
    }
}
