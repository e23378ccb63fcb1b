using System.Text;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class BodyTests(ApiFixture api)
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{ \"name\": \"a\", }")]
    [InlineData("{ \"name\": \"a\" } // comment")]
    [InlineData("{ \"name\": \"a\" } {}")]
    [InlineData("{ 'name': 'a' }")]
    public async Task What_is_no_JSON_is_refused(string body)
    {
        var answer = await api.Admin.SendAsync(HttpMethod.Put, "/v1/tenants/body", body.Length == 0 ? " " : body);

        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task JSON_that_is_nested_too_deep_is_refused()
    {
        var deep = new string('[', 40) + new string(']', 40);

        var answer = await api.Admin.PutAsync("/v1/tenants/body", $$"""{ "name": {{deep}} }""");

        Assert.Equal((400, "malformed_json"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    [InlineData("""{ "name": null }""", "/name")]
    [InlineData("""{ "name": "a", "name": "b" }""", "/name")]
    [InlineData("""{ "name": "a", "Name": "b" }""", "/Name")]
    [InlineData("""{ "name": "a", "a/b~c": 1 }""", "/a~1b~0c")]
    [InlineData("""{ "name": "a\u0000" }""", "/name")]
    [InlineData("""{ "name": "\ud800" }""", "/name")]
    [InlineData("""{ "name": "a", "governor": { "maxInWindow": 1.5 } }""", "/governor/maxInWindow")]
    [InlineData("""{ "name": "a", "governor": { "maxInWindow": "1" } }""", "/governor/maxInWindow")]
    [InlineData("""{ "name": "a", "governor": { "maxInWindow": 9999999999 } }""", "/governor/maxInWindow")]
    [InlineData("""{ "name": "a", "governor": [] }""", "/governor")]
    [InlineData("""{ "name": "a", "noncompliantWithoutPolicy": 1 }""", "/noncompliantWithoutPolicy")]
    public async Task What_is_wrong_is_named_by_JSON_Pointer(string body, string pointer)
    {
        var answer = await api.Admin.PutAsync("/v1/tenants/body", body);

        Assert.Equal((400, "invalid_body"), (answer.Status, answer.Code));
        Assert.Equal([pointer], answer.Pointers);
    }

    [Fact]
    public async Task A_member_whose_name_is_longer_than_256_characters_is_refused()
    {
        var answer = await api.Admin.PutAsync("/v1/tenants/body", $$"""{ "name": "a", "governor": { "{{new string('a', 257)}}": 1 } }""");

        Assert.Equal((400, "invalid_body"), (answer.Status, answer.Code));
        Assert.Equal(["/governor"], answer.Pointers);
    }

    [Fact]
    public async Task All_that_is_wrong_is_named_at_once()
    {
        var answer = await api.Admin.PutAsync("/v1/tenants/body", """{ "nmae": "a", "governor": { "maxPercent": "5", "x": {} } }""");

        Assert.Equal(["/governor/maxPercent", "/governor/x", "/name", "/nmae"], answer.Pointers.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "foo": 1 }""", 400)]
    [InlineData("{nope", 400)]
    [InlineData("[]", 400)]
    [InlineData("{}", 201)]
    [InlineData("", 201)]
    public async Task Where_none_is_taken_a_body_is_refused_before_anything_happens(string body, int status)
    {
        var tenant = await api.ATenantAsync();
        await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices", """{ "device": "a" }""");

        var answer = await api.Admin.PostAsync($"/v1/tenants/{tenant}/devices/a/token", body);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 201 ? 2 : 1, (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/a")).Number("epoch"));
    }

    [Fact]
    public async Task Nothing_of_a_refused_body_is_stored()
    {
        await api.Admin.PutAsync("/v1/tenants/never", """{ "name": "a", "unknown": 1 }""");

        Assert.Equal(404, (await api.Admin.GetAsync("/v1/tenants/never")).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task Only_JSON_is_taken(string mediaType)
    {
        var answer = await api.Admin.SendAsync(HttpMethod.Put, "/v1/tenants/body", """{ "name": "a" }""", mediaType: mediaType);

        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        var name = new StringBuilder().Append('a', 70_000);

        var answer = await api.Admin.PutAsync("/v1/tenants/body", $$"""{ "name": "{{name}}" }""");

        Assert.Equal((413, "too_large"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/v1/tenants?limit=0", "limit")]
    [InlineData("/v1/tenants?limit=1001", "limit")]
    [InlineData("/v1/tenants?limit=many", "limit")]
    [InlineData("/v1/tenants?limit=1&limit=2", "limit")]
    [InlineData("/v1/tenants?after=A%20B", "after")]
    [InlineData("/v1/tenants?limt=5", "limt")]
    public async Task A_query_that_makes_no_sense_is_refused_by_name(string path, string name)
    {
        var answer = await api.Admin.GetAsync(path);

        Assert.Equal((400, "invalid_query"), (answer.Status, answer.Code));
        Assert.Contains(name, answer.Text("detail"), StringComparison.Ordinal);
    }
}
