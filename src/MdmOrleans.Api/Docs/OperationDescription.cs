using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>Adds what handlers take without naming it among their parameters, from the same metadata that the pipeline works by.</summary>
internal static class OperationDescription
{
    public static async Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters =
        [
            .. Names(context.Description.RelativePath).Select(name => Parameter(name, ParameterLocation.Path)),
            .. metadata.OfType<QueryNames>().SelectMany(query => query.Names).Select(name => Parameter(name, ParameterLocation.Query)),
            .. metadata.OfType<RequestHeaders>().SelectMany(headers => headers.Names).Select(name => Parameter(name, ParameterLocation.Header)),
        ];
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            operation.Security = [];
        }

        if (!metadata.OfType<MayRefuse>().Any())
        {
            return;
        }

        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "Refused, with the reason.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemResult.ContentType] = new()
                {
                    Schema = await ProblemAsync(context, cancellationToken),
                },
            },
        };
    }

    private static async Task<OpenApiSchemaReference> ProblemAsync(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        const string Name = "Problem";
        if (context.Document?.Components?.Schemas?.ContainsKey(Name) != true)
        {
            context.Document?.AddComponent(Name, await context.GetOrCreateSchemaAsync(typeof(ProblemDocument), null, cancellationToken));
        }

        return new OpenApiSchemaReference(Name, context.Document);
    }

    /// <summary>The names in braces of a route.</summary>
    private static IEnumerable<string> Names(string? path) =>
        path?.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')) ?? [];

    private static OpenApiParameter Parameter(string name, ParameterLocation location)
    {
        var (type, format, description) = ParameterTexts.Of(name);
        return new OpenApiParameter
        {
            Name = name,
            In = location,
            Required = location == ParameterLocation.Path,
            Description = description,
            Schema = new OpenApiSchema { Type = type, Format = format },
        };
    }
}
