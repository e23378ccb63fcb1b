using MdmOrleans.Abstractions.Clocks;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http.Clocks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Clocks;

internal static class ClockEndpoints
{
    public static void MapClock(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/clock/confirm", ConfirmAsync).WithName("ConfirmClock").WithTags("Health")
            .RequireAuthorization(Authorization.Installs).TakesQuery().TakesNoBody();

    /// <summary>Confirms the clocks of all servers</summary>
    /// <remarks>
    /// For an administrator of the whole installation. A server whose clock has jumped by more than five minutes, or stands that far
    /// from the database server's, is not ready and acts on no deadline until the clocks agree. This has it believe its clock as it is
    /// now, so set the clocks first. Where nothing is in doubt it changes nothing.
    /// </remarks>
    internal static async Task<Results<Ok<ClocksBody>, ProblemResult>> ConfirmAsync(
        Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var clocks = await grains.GetGrain<IServerClocks>(0).ConfirmAsync(caller.Actor, cancellationToken);
        if (clocks.IsEmpty)
        {
            return ApiProblems.Unavailable.ToHttp();
        }

        return TypedResults.Ok(new ClocksBody([.. clocks.Select(clock => new ClockBody(
            clock.Server.ToParsableString(), clock.Reading.System, clock.Reading.Trusted, clock.Reading.Doubt))]));
    }
}
