using MdmOrleans.Integration.Tests.Http;

namespace MdmOrleans.Integration.Tests.Access;

public sealed class AccessCheckTests(GateFixture server) : IClassFixture<GateFixture>
{
    [Fact]
    public async Task A_device_that_is_allowed_passes()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await gate.LetInAsync("a");

        var answer = await CheckAsync($"{Tenant(gate)}:a");

        Assert.Equal((200, "allow", null), (answer.Status, answer.Header("X-Mdm-Access"), answer.Header("X-Mdm-Zone")));
    }

    [Fact]
    public async Task A_device_in_quarantine_is_refused_and_sent_to_the_zone()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");

        var answer = await CheckAsync($"{Tenant(gate)}:a");

        Assert.Equal(
            (403, "access_refused", "quarantine", Gate.Zone),
            (answer.Status, answer.Code, answer.Header("X-Mdm-Access"), answer.Header("X-Mdm-Zone")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("nowhere:nobody")]
    [InlineData("../x:y")]
    [InlineData("a:b:c")]
    public async Task What_is_no_device_is_blocked(string name)
    {
        var answer = await CheckAsync(name);

        Assert.Equal((403, "block", null), (answer.Status, answer.Header("X-Mdm-Access"), answer.Header("X-Mdm-Zone")));
    }

    [Fact]
    public async Task Two_names_are_no_name()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await gate.LetInAsync("a");

        var answer = await server.Admin.SendAsync(
            HttpMethod.Get, "/v1/access/check", null, [("X-Mdm-Device", $"{Tenant(gate)}:a"), ("X-Mdm-Device", $"{Tenant(gate)}:b")]);

        Assert.Equal((403, "block"), (answer.Status, answer.Header("X-Mdm-Access")));
    }

    [Fact]
    public async Task A_proxy_of_another_tenant_learns_nothing()
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await server.Admin.PutAsync("/v1/tenants/somewhere-else", """{ "name": "Somewhere else" }""");
        var key = (await server.Admin.PostAsync("/v1/keys", """{ "name": "proxy", "role": "reader", "tenants": ["somewhere-else"] }""")).Text("key");

        var answer = await server.As(key).SendAsync(HttpMethod.Get, "/v1/access/check", null, [("X-Mdm-Device", $"{Tenant(gate)}:a")]);

        Assert.Equal((403, "block", null), (answer.Status, answer.Header("X-Mdm-Access"), answer.Header("X-Mdm-Zone")));
    }

    [Fact]
    public async Task Without_a_key_nobody_is_asked()
    {
        var answer = await server.As(null).SendAsync(HttpMethod.Get, "/v1/access/check", null, [("X-Mdm-Device", "acme:a")]);

        Assert.Equal((401, null), (answer.Status, answer.Header("X-Mdm-Access")));
    }

    [Theory]
    [InlineData("POST", "/v1/access/check/shop/cart?item=1")]
    [InlineData("DELETE", "/v1/access/check/")]
    [InlineData("GET", "/v1/access/check?a=b")]
    public async Task Envoy_asks_with_the_method_and_the_path_of_the_request(string method, string path)
    {
        var gate = await server.AGateAsync();
        await gate.AddAsync("a");
        await gate.LetInAsync("a");

        var answer = await server.Admin.SendAsync(new HttpMethod(method), path, null, [("X-Mdm-Device", $"{Tenant(gate)}:a")]);

        Assert.Equal((200, "allow"), (answer.Status, answer.Header("X-Mdm-Access")));
    }

    private Task<ApiAnswer> CheckAsync(string device) => server.Admin.SendAsync(HttpMethod.Get, "/v1/access/check", null, [("X-Mdm-Device", device)]);

    private static string Tenant(Gate gate) => gate.Path.Split('/')[^1];
}
