using System.Text.Encodings.Web;
using System.Text.Json;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Contracts.Http.Integrations;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class OpenApiTests(ApiFixture api)
{
    private static readonly List<Type> Types = [.. typeof(HttpJson).Assembly.GetTypes()];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What clients are generated from changes only on purpose: a change of the interface is a change of <c>openapi.v1.json</c>.</summary>
    [Fact]
    public async Task The_interface_is_the_one_that_was_agreed()
    {
        var agreed = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Http", "openapi.v1.json"), TestContext.Current.CancellationToken);

        var answer = await api.As(null).GetAsync("/openapi/v1.json");

        var served = JsonSerializer.Serialize(answer.Json, Readable) + "\n";
        if (served != agreed)
        {
            var path = Path.Combine(Path.GetTempPath(), "openapi.v1.json");
            await File.WriteAllTextAsync(path, served, TestContext.Current.CancellationToken);
            Assert.Fail($"The interface differs from Http/openapi.v1.json; the one that is served is in {path}. If it is meant, copy it.");
        }
    }

    [Fact]
    public async Task Every_body_and_every_answer_has_an_example()
    {
        var answer = await api.As(null).GetAsync("/openapi/v1.json");

        Assert.All(MediaTypes(answer.Json), media => Assert.True(media.Value.TryGetProperty("example", out _), media.Place));
    }

    [Fact]
    public async Task The_example_of_every_body_would_be_taken()
    {
        var answer = await api.As(null).GetAsync("/openapi/v1.json");

        var bodies = MediaTypes(answer.Json).Where(media => media.Place.Contains(" body application/json", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(bodies);
        Assert.All(bodies, media =>
        {
            var name = media.Value.GetProperty("schema").GetProperty("$ref").GetString()!.Split('/')[^1];
            if (name == nameof(InboundMessage) || Types.Find(type => type.Name == name) is not { } type || HttpJson.Default.GetTypeInfo(type) is not { } info)
            {
                return; // the sender of a webhook says what is in it
            }

            var example = JsonSerializer.SerializeToUtf8Bytes(media.Value.GetProperty("example"));
            Assert.Empty(BodyCheck.Run(example, info));
            if (name == nameof(PolicyRequest))
            {
                Assert.Null(PolicyReader.Read(example, new PolicyVersion("p", 1), DateTimeOffset.UnixEpoch).Problem);
            }
        });
    }

    [Fact]
    public async Task Every_operation_is_described()
    {
        var answer = await api.As(null).GetAsync("/openapi/v1.json");

        var operations = answer.Json.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).ToArray();
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("operationId").GetString()!);
            Assert.NotEmpty(operation.Value.GetProperty("responses").EnumerateObject());
        });
    }

    private static IEnumerable<(string Place, JsonElement Value)> MediaTypes(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        from part in Parts(operation.Value)
        where part.Value.TryGetProperty("content", out _)
        from media in part.Value.GetProperty("content").EnumerateObject()
        select ($"{operation.Name} {path.Name} {part.Name} {media.Name}", media.Value);

    private static IEnumerable<(string Name, JsonElement Value)> Parts(JsonElement operation)
    {
        if (operation.TryGetProperty("requestBody", out var body))
        {
            yield return ("body", body);
        }

        foreach (var answer in operation.GetProperty("responses").EnumerateObject())
        {
            yield return (answer.Name, answer.Value);
        }
    }
}
