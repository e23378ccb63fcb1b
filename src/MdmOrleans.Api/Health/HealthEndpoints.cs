using MdmOrleans.Api.Problems;
using MdmOrleans.Contracts.Http.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Health;

internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/healthz").WithTags("Health").AllowAnonymous();
        health.MapGet("/live", Live).WithName("GetLiveness");
        health.MapGet("/ready", ReadyAsync).WithName("GetReadiness");
        health.MapGet("/", ReadyAsync).ExcludeFromDescription(); // for who asks without knowing the two
    }

    /// <summary>Says whether the process runs</summary>
    internal static Ok<HealthBody> Live() => TypedResults.Ok(new HealthBody("live", []));

    /// <summary>Says whether the process should be sent work</summary>
    /// <remarks>503 names what is not ready.</remarks>
    internal static async Task<Results<Ok<HealthBody>, ProblemResult>> ReadyAsync(Readiness readiness, CancellationToken cancellationToken)
    {
        var failing = await readiness.FailingAsync(cancellationToken);
        return failing.Count == 0
            ? TypedResults.Ok(new HealthBody("ready", readiness.Names))
            : ApiProblems.NotReady(string.Join(", ", failing)).ToHttp();
    }
}
