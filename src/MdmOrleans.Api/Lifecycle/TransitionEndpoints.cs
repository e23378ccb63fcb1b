using MdmOrleans.Abstractions;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Commands;
using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Contracts.Http.Lifecycle;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Lifecycle;

internal static class TransitionEndpoints
{
    public static void MapTransitions(this IEndpointRouteBuilder device) =>
        device.MapPost("/transitions", MoveAsync).WithName("MoveDevice").WithTags("Devices")
            .RequireAuthorization(Authorization.Operates).TakesQuery();

    /// <summary>Moves a device through its life</summary>
    /// <remarks>
    /// 200: it is so now, or was so already. 202: a retirement that waits for a person; the twin is as it was, and
    /// <c>hold</c> says what waits.
    /// </remarks>
    internal static async Task<Results<Ok<TwinBody>, Accepted<TwinBody>, ProblemResult>> MoveAsync(
        DeviceScope scope,
        JsonBody<DeviceTransitionRequest> body,
        Caller caller,
        HttpResponse response,
        ISessionDirectory sessions,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        if (!request.TryRead(caller.Actor, out var transition, out var errors))
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        return await CarryOutAsync(scope, transition, response, sessions, grains, cancellationToken);
    }

    internal static async Task<Results<Ok<TwinBody>, Accepted<TwinBody>, ProblemResult>> CarryOutAsync(
        DeviceScope scope,
        TransitionRequest transition,
        HttpResponse response,
        ISessionDirectory sessions,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<IDeviceTwin>(scope.Id.ToString()).TransitionAsync(transition, cancellationToken);
        if (outcome is not { Value: { } receipt })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        ETags.Write(response, receipt.Device.Version);
        var twin = receipt.Device.ToBody(await sessions.IsConnectedAsync(receipt.Device));
        return receipt.Hold is { } hold
            ? TypedResults.Accepted($"/v1/tenants/{scope.Id.Tenant}/holds", twin with { Hold = hold.ToHold(scope.Id) })
            : TypedResults.Ok(twin);
    }
}
