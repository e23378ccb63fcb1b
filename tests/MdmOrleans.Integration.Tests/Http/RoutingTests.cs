namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class RoutingTests(ApiFixture api)
{
    [Theory]
    [InlineData("/v1/nothing")]
    [InlineData("/v2/tenants")]
    [InlineData("/v1/tenants/acme/nothing")]
    public async Task What_no_route_leads_to_is_a_problem_document(string path)
    {
        var answer = await api.Admin.GetAsync(path);

        Assert.Equal((404, "not_found", 404), (answer.Status, answer.Code, (int)answer.Number("status")));
        Assert.Equal("urn:mdm:problem:not_found", answer.Text("type"));
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/v1")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/tenants/%zz/devices/%FF/nothing")]
    [InlineData("/healthz/nothing")]
    public async Task A_path_that_does_not_exist_is_404_without_a_key_too(string path)
    {
        var answer = await api.As(null).GetAsync(path);

        Assert.Equal((404, "not_found"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Healthz_answers_like_the_readiness_check()
    {
        var answer = await api.As(null).GetAsync("/healthz");

        Assert.Equal((200, "ready"), (answer.Status, answer.Text("status")));
    }

    [Theory]
    [InlineData("/v1/tenants/UPPER")]
    [InlineData("/v1/tenants/-a")]
    [InlineData("/v1/tenants/a%2Fb")]
    [InlineData("/v1/tenants/a%20b/devices")]
    public async Task What_is_no_name_names_nothing(string path)
    {
        var answer = await api.Admin.GetAsync(path);

        Assert.Equal((404, "tenant_not_found"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/v1/tenants/Shop", "tenant")]
    [InlineData("/v1/tenants/-shop", "tenant")]
    [InlineData("/v1/tenants/{tenant}/policies/Base_line", "policy")]
    public async Task What_is_made_under_a_name_that_cannot_be_is_answered_with_the_rule(string path, string kind)
    {
        var answer = await api.Admin.PutAsync(path.Replace("{tenant}", await api.ATenantAsync(), StringComparison.Ordinal), """{ "name": "a", "rules": [] }""");

        Assert.Equal((400, "invalid_name"), (answer.Status, answer.Code));
        Assert.StartsWith($"The name of a {kind} is 1 to 63 lower-case letters", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_without_quotes_is_answered_with_how_to_quote_it()
    {
        var tenant = await api.ATenantAsync();

        var answer = await api.Admin.PutAsync($"/v1/tenants/{tenant}", """{ "name": "b" }""", ("If-Match", "1"));

        Assert.Equal((400, "invalid_header"), (answer.Status, answer.Code));
        Assert.Contains("Quote the version: If-Match: \"1\".", answer.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_method_is_refused_with_those_that_there_are()
    {
        var answer = await api.Admin.PostAsync("/v1/tenants", "{}");

        Assert.Equal((405, "method_not_allowed"), (answer.Status, answer.Code));
        Assert.Equal("GET, HEAD, OPTIONS", answer.Allow);
    }

    [Fact]
    public async Task OPTIONS_lists_the_methods()
    {
        var answer = await api.Admin.SendAsync(HttpMethod.Options, "/v1/keys");

        Assert.Equal((204, "GET, POST, HEAD, OPTIONS"), (answer.Status, answer.Allow));
    }

    [Fact]
    public async Task HEAD_is_GET_without_a_body()
    {
        var tenant = await api.ATenantAsync();

        var answer = await api.Admin.SendAsync(HttpMethod.Head, $"/v1/tenants/{tenant}");

        Assert.Equal((200, "\"1\"", ""), (answer.Status, answer.ETag, answer.Body));
    }

    [Fact]
    public async Task An_outage_says_when_to_come_back()
    {
        var answer = await api.As(null).GetAsync("/test/outage");

        Assert.Equal((503, "unavailable", "5"), (answer.Status, answer.Code, answer.RetryAfter));
    }

    [Fact]
    public async Task A_bug_tells_strangers_nothing()
    {
        var answer = await api.As(null).GetAsync("/test/bug");

        Assert.Equal((500, "internal_error"), (answer.Status, answer.Code));
        Assert.DoesNotContain("TimeZone", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_front_page_links_to_what_there_is()
    {
        var answer = await api.As(null).GetAsync("/");

        Assert.Equal("text/html", answer.MediaType);
        Assert.Contains("Ready.", answer.Body, StringComparison.Ordinal);
        foreach (var link in (string[])["/docs", "/openapi/v1.json", "/dashboard", "/healthz/ready", "/metrics"])
        {
            Assert.Contains($"href=\"{link}\"", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_documentation_brings_its_own_scripts()
    {
        var page = await api.As(null).GetAsync("/docs/");
        var script = await api.As(null).GetAsync("/docs/scalar.js");

        Assert.DoesNotContain("://", page.Body, StringComparison.Ordinal);
        Assert.Equal(200, script.Status);
        Assert.True(script.Body.Length > 100_000);
    }
}
