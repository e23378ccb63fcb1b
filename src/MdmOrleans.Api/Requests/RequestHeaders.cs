using Microsoft.AspNetCore.Builder;

namespace MdmOrleans.Api.Requests;

/// <summary>Request headers that an endpoint takes, for the description of the interface.</summary>
internal sealed record RequestHeaders(IReadOnlyList<string> Names);

internal static class RequestHeadersExtensions
{
    public static TBuilder TakesHeaders<TBuilder>(this TBuilder endpoints, params string[] names)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequestHeaders(names));

    public static TBuilder TakesPreconditions<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequestHeaders(["If-Match", "If-None-Match"]));

    public static TBuilder TakesIfMatch<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequestHeaders(["If-Match"]));

    public static TBuilder TakesIdempotencyKey<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new RequestHeaders(["Idempotency-Key"]));
}
