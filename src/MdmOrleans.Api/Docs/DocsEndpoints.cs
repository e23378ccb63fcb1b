using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace MdmOrleans.Api.Docs;

internal static class DocsEndpoints
{
    private const string Document = "v1";

    // The page is the only thing here that brings scripts of others: it may talk to this server, and to nobody else.
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void AddMdmDocs(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.AddDocumentTransformer(DocumentDescription.ApplyAsync);
        options.AddDocumentTransformer(ExampleWriter.ApplyAsync);
        options.AddOperationTransformer(OperationDescription.ApplyAsync);
        options.AddSchemaTransformer(SchemaDescription.ApplyAsync);
        options.CreateSchemaReferenceId = SchemaDescription.Name;
    });

    public static void MapDocs(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var docs = endpoints.MapScalarApiReference("/docs", options => options
            .WithTitle("MdmOrleans HTTP interface")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .AddDocument(Document)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideClientButton()
            .HideDeveloperTools());
        docs.AllowAnonymous().ExcludeFromDescription();
        docs.AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = ContentPolicy;
            return await next(context);
        });
    }
}
