using MdmOrleans.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Bodies;

internal static class NoBody
{
    /// <summary>Refuses a body, for routes whose path says everything: a member that would be ignored is one that somebody relies on.</summary>
    public static RouteHandlerBuilder TakesNoBody(this RouteHandlerBuilder route) => route.AddEndpointFilter(
        async (context, next) => await BodyReader.DemandNoneAsync(context.HttpContext.Request) is { } problem ? problem.ToHttp() : await next(context));
}
