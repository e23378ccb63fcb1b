using System.Text.Json;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>Many devices with one request: each line is answered, in order, whatever becomes of the others.</summary>
[Collection(ApiTests.Name)]
public sealed class DeviceImportTests(ApiFixture api)
{
    private const string Ndjson = "application/x-ndjson";
    private const string Csv = "text/csv";

    [Fact]
    public async Task Each_line_of_ndjson_creates_its_device_or_says_why_not()
    {
        var tenant = await api.ATenantAsync();

        var answer = await PostAsync(tenant, Ndjson, """
            { "device": "t-1", "platform": "android", "labels": { "site": "berlin" } }

            { "device": "t-2", "platform": "Android" }
            { "device": "t-1" }
            not json
            { "device": "t-3", "policy": "missing" }
            { "device": "t-4" }
            """);

        var lines = Lines(answer);
        Assert.Equal((200, Ndjson), (answer.Status, answer.MediaType));
        Assert.Equal([1, 3, 4, 5, 6, 7], lines.Select(line => line.GetProperty("line").GetInt32()));
        Assert.Equal(
            [null, "invalid_body", "device_exists", "malformed_json", "policy_not_found", null], lines.Select(Code));
        Assert.Equal(43, Token(lines[0])!.Split('_', 2)[1].Length);
        Assert.Equal("berlin", (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/t-1")).Json.GetProperty("labels").GetProperty("site").GetString());
        Assert.Equal(200, (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/t-4")).Status);
        Assert.Equal(404, (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/t-2")).Status);
    }

    [Fact]
    public async Task Csv_has_a_header_and_a_column_for_each_label()
    {
        var tenant = await api.ATenantAsync();

        var answer = await PostAsync(tenant, Csv, "device,serial,platform,label.site\r\nc-1,\"C,1\",ios,\"Berlin \"\"Mitte\"\"\"\r\nc-2,,,\r\nc-3,x\r\n");

        var twin = (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/c-1")).Json;
        var lines = Lines(answer);
        Assert.Equal([2, 3, 4], lines.Select(line => line.GetProperty("line").GetInt32()));
        Assert.Equal([null, null, "malformed_csv"], lines.Select(Code));
        Assert.Equal(("C,1", "ios"), (twin.GetProperty("serial").GetString(), twin.GetProperty("platform").GetString()));
        Assert.Equal("Berlin \"Mitte\"", twin.GetProperty("labels").GetProperty("site").GetString());
    }

    [Theory]
    [InlineData("name\r\na\r\n")]
    [InlineData("device,devcie\r\na,b\r\n")]
    [InlineData("device,device\r\na,b\r\n")]
    public async Task A_csv_header_that_is_not_known_creates_nothing(string csv)
    {
        var tenant = await api.ATenantAsync();

        var answer = await PostAsync(tenant, Csv, csv);

        Assert.Equal("malformed_csv", Code(Assert.Single(Lines(answer))));
        Assert.Empty((await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_thousand_lines_are_answered_in_their_order()
    {
        var tenant = await api.ATenantAsync();
        var body = string.Join('\n', Enumerable.Range(1, 1000).Select(i => $$"""{"device":"d{{i}}"}"""));

        var lines = Lines(await PostAsync(tenant, Ndjson, body));

        Assert.Equal(Enumerable.Range(1, 1000).Select(i => $"d{i}"), lines.Select(line => line.GetProperty("device").GetString()));
        Assert.All(lines, line => Assert.NotNull(Token(line)));
        Assert.Equal(1000, (await api.Admin.GetAsync($"/v1/tenants/{tenant}/summary")).Json.GetProperty("devices").GetInt32());
    }

    [Fact]
    public async Task A_line_without_an_end_is_refused_and_nothing_behind_it_is_read()
    {
        var tenant = await api.ATenantAsync();

        var lines = Lines(await PostAsync(tenant, Ndjson, "{ \"device\": \"ok\" }\n" + new string(' ', 200_000) + "\n{ \"device\": \"behind\" }\n"));

        Assert.Equal([null, "too_large"], lines.Select(Code));
        Assert.Equal(404, (await api.Admin.GetAsync($"/v1/tenants/{tenant}/devices/behind")).Status);
    }

    [Fact]
    public async Task Another_media_type_is_refused()
    {
        var answer = await PostAsync(await api.ATenantAsync(), "text/plain", "a");

        Assert.Equal(415, answer.Status);
    }

    private Task<ApiAnswer> PostAsync(string tenant, string mediaType, string body) =>
        api.Admin.SendAsync(HttpMethod.Post, $"/v1/tenants/{tenant}/devices", body, mediaType: mediaType);

    private static JsonElement[] Lines(ApiAnswer answer) =>
        [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Code(JsonElement line) => line.TryGetProperty("problem", out var problem) ? problem.GetProperty("code").GetString() : null;

    private static string? Token(JsonElement line) => line.TryGetProperty("deviceToken", out var token) ? token.GetString() : null;
}
