using MdmOrleans.Integration.Tests.Access;

namespace MdmOrleans.Integration.Tests.Http;

public sealed class RequestLimitTests(LimitedFixture server) : IClassFixture<LimitedFixture>
{
    private const int Many = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_that_sends_too_much_is_told_when_to_come_back_and_another_key_is_not()
    {
        using var loud = server.As(await server.AKeyAsync("loud"));
        using var quiet = server.As(await server.AKeyAsync("quiet"));

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => loud.DeleteAsync("/v1/keys/nobody")));

        var refused = answers.Where(answer => answer.Status == 429 && answer.Code == "rate_limited").ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.InRange(int.Parse(answer.RetryAfter!, System.Globalization.CultureInfo.InvariantCulture), 1, 60));
        Assert.Contains(answers, answer => answer.Code != "rate_limited");
        Assert.NotEqual("rate_limited", (await quiet.GetAsync("/v1/tenants")).Code);
    }

    [Fact]
    public async Task A_tenant_is_asked_so_much_at_once_and_another_tenant_does_not_notice()
    {
        using var key = server.As(await server.AKeyAsync("concurrent"));
        await key.PutAsync("/v1/tenants/busy", """{ "name": "a" }""");
        await key.PutAsync("/v1/tenants/idle", """{ "name": "a" }""");
        Task<ApiAnswer>[] held = [key.GetAsync("/v1/tenants/busy/test/held"), key.GetAsync("/v1/tenants/busy/test/held")];
        await server.Held.WaitAsync(Cancellation);
        await server.Held.WaitAsync(Cancellation);

        var busy = await key.GetAsync("/v1/tenants/busy");
        var idle = await key.GetAsync("/v1/tenants/idle");
        server.Release.SetResult();
        await Task.WhenAll(held);

        Assert.Equal((429, "too_many_concurrent"), (busy.Status, busy.Code));
        Assert.NotNull(busy.RetryAfter);
        Assert.Equal(200, idle.Status);
        Assert.Equal(200, (await key.GetAsync("/v1/tenants/busy")).Status);
    }

    [Fact]
    public async Task A_tenant_has_so_many_streams_and_they_take_nothing_from_its_requests()
    {
        var secret = await server.AKeyAsync("streaming");
        using var key = server.As(secret);
        await key.PutAsync("/v1/tenants/followed", """{ "name": "a" }""");
        using var first = await EventSource.OpenAsync(server.Address, secret, "/v1/tenants/followed/access/stream");

        var second = await key.GetAsync("/v1/tenants/followed/access/stream?wait=1");

        Assert.Equal((429, "too_many_concurrent"), (second.Status, second.Code));
        Assert.Equal(200, (await key.GetAsync("/v1/tenants/followed")).Status);
    }

    [Theory]
    [InlineData("POST", "/v1/tenants/acme/inbound/hr", null)]
    [InlineData("GET", "/healthz/live", null)]
    [InlineData("GET", "/v1/tenants", "wrong")]
    public async Task An_address_without_a_key_is_bounded_and_another_address_is_not(string method, string path, string? key)
    {
        using var client = server.As(key);
        var address = $"203.0.113.{Math.Abs(HashCode.Combine(path, key) % 200)}"; // as a proxy on this machine says it

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => SendAsync(address)));

        Assert.Contains(answers, answer => answer.Status == 429 && answer.Code == "rate_limited");
        Assert.Contains(answers, answer => answer.Status != 429);
        Assert.NotEqual(429, (await SendAsync("198.51.100.7")).Status);

        Task<ApiAnswer> SendAsync(string from) =>
            client.SendAsync(new HttpMethod(method), path, method == "POST" ? "{}" : null, [("X-Forwarded-For", from)]);
    }
}
