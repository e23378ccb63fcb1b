using System.Text.Encodings.Web;
using System.Text.Json;

namespace MdmOrleans.Integration.Tests.Http;

[Collection(ApiTests.Name)]
public sealed class OpenApiTests(ApiFixture api)
{
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
}
