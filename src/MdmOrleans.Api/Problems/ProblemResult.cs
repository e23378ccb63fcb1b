using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using MdmOrleans.Api.Audit;
using MdmOrleans.Contracts;
using MdmOrleans.Contracts.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace MdmOrleans.Api.Problems;

/// <summary>Writes a refusal as RFC 9457 has it.</summary>
internal sealed class ProblemResult(ProblemDocument document) : IResult, IEndpointMetadataProvider
{
    public const string ContentType = "application/problem+json";

    private static readonly ContractsJson Json =
        new(new JsonSerializerOptions(ContractsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static readonly string RetryAfterSeconds = 5.ToString(CultureInfo.InvariantCulture);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(MayRefuse.Instance);

    public static async Task WriteAsync(HttpContext http, ProblemDocument document)
    {
        var status = document.Status ?? StatusCodes.Status500InternalServerError;
        await RefusedChanges.RecordAsync(http, status, document.Code);
        http.Response.StatusCode = status;
        if (status is (StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable) && http.Response.Headers.RetryAfter.Count == 0)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        await http.Response.WriteAsJsonAsync(document, Json.ProblemDocument, ContentType, http.RequestAborted);
    }

    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, document);
}

/// <summary>Marks an endpoint that answers with problem documents, for the description of the interface.</summary>
internal sealed class MayRefuse
{
    public static MayRefuse Instance { get; } = new();
}
