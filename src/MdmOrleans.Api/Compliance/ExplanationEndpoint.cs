using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Compliance;

internal static class ExplanationEndpoint
{
    public static void MapExplanation(this IEndpointRouteBuilder device) => device.MapGet("/explain", ExplainAsync)
        .WithName("ExplainDevice").WithTags("Devices").RequireAuthorization(Authorization.Reads).TakesQuery("at");

    /// <summary>Explains a device</summary>
    /// <remarks>
    /// Every rule with what it expects and what the device said, groups with their children; every step that comes by itself, with its
    /// instant; and what would clear what stands in its way. With <c>at</c> as of a past instant, as far as the history tells. Reads only.
    /// </remarks>
    internal static async Task<Results<Ok<ExplanationBody>, ProblemResult>> ExplainAsync(
        DeviceScope scope, HttpRequest http, Explanations explanations, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var at = query.Instant("at");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        if (at is { } instant)
        {
            var past = await explanations.ExplainPastAsync(scope.Id, scope.Tenant, instant, cancellationToken);
            return past is { Value: { } was } ? TypedResults.Ok(was.ToBody(instant)) : past.Problem!.ToHttp(); // exactly one of the two is set
        }

        var now = time.GetInstant();
        var outcome = await explanations.ExplainAsync(scope.Id, scope.Tenant, now, cancellationToken);
        return outcome is { Value: { } current } ? TypedResults.Ok(current.ToBody(now)) : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }
}
