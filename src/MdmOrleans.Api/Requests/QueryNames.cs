using MdmOrleans.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Requests;

/// <summary>The query parameters that an endpoint takes. Any other is refused: a filter that is misspelled must not become no filter.</summary>
internal sealed record QueryNames(IReadOnlyList<string> Names);

internal static class QueryNamesExtensions
{
    public static TBuilder TakesQuery<TBuilder>(this TBuilder endpoints, params string[] names)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new QueryNames(names));

    /// <summary>Runs behind authorization, so that a stranger learns nothing about parameters.</summary>
    public static void UseQueryNames(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var known = http.GetEndpoint()?.Metadata.GetMetadata<QueryNames>();
        return known is not null && http.Request.Query.Keys.FirstOrDefault(name => !known.Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } stranger
            ? ApiProblems.InvalidQuery($"'{stranger}' is not a parameter of this route.").ToHttp().ExecuteAsync(http)
            : next(http);
    });
}
