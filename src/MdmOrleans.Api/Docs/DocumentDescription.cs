using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MdmOrleans.Api.Docs;

/// <summary>What is true of every route.</summary>
internal static class DocumentDescription
{
    private const string Scheme = "key";

    private const string Text = """
        Device twins: what every device is, what its policy says about it, and what it has been told to do.

        **Identity.** Send `Authorization: Bearer {key}`. The administrator key is written to `admin-key` in the data directory at the first
        start. Roles: `reader` reads, `operator` also drives devices, `admin` also changes tenants, policies and keys. What a key does not
        see does not exist for it.

        **Lists** are paged by key: `limit` and `after`; the answer has `next` as long as there is more.

        **Versions.** `ETag` is the version of a resource; with `If-Match` a change only happens to the version that you have read.

        **Problems** are `application/problem+json` (RFC 9457) with a stable `code` for programs; where the input was at fault, `errors` says
        what is wrong by JSON Pointer. 429 and 503 say when to come back in `Retry-After`.
        """;

    // In the order in which somebody new needs them.
    private static readonly (string Name, string Text)[] Tags =
    [
        ("Tenants", "Whose devices they are. Everything else is inside of a tenant."),
        ("Policies", "What devices have to be like, in versions."),
        ("Devices", "The twins."),
        ("Commands", "What devices are told to do, and what became of it."),
        ("Operations", "One command for a part of the fleet, at a bounded rate and in waves."),
        ("History", "Everything that ever happened to a device, numbered and chained by hash."),
        ("Audit", "Who changed settings, keys, policies and webhooks, and who deleted devices."),
        ("Access", "What networks and proxies ask."),
        ("Keys", "Who may ask for what."),
        ("Health", "What the cluster asks."),
    ];

    public static Task ApplyAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "MdmOrleans", Version = "1", Description = Text };
        document.Servers = [];
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Text }).ToHashSet();
        document.AddComponent<IOpenApiSecurityScheme>(
            Scheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
