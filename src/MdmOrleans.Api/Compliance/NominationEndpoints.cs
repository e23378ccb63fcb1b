using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Lifecycle;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Compliance;

internal static class NominationEndpoints
{
    public static void MapNominations(this IEndpointRouteBuilder tenant)
    {
        var nominations = tenant.MapGroup("/nominations").WithTags("Nominations");
        nominations.MapGet("", ListAsync).WithName("ListNominations").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");
        nominations.MapPost("/{device}/retire", RetireAsync).WithName("RetireNominated").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
        nominations.MapPost("/{device}/dismiss", DismissAsync).WithName("DismissNomination").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
    }

    /// <summary>Lists devices nominated for retirement</summary>
    /// <remarks>By name. A nomination ends when it is dismissed, and when the device becomes compliant or is retired.</remarks>
    internal static async Task<Results<Ok<Page<NominationBody>>, ProblemResult>> ListAsync(
        TenantScope scope, HttpRequest http, IDeviceQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => DeviceId.TryCreate(scope.Id.Name, text, out _), "is not the name of a device.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var filter = new DeviceFilter { Nominated = true };
        var devices = await queries.ListAsync(scope.Id, filter, after, limit, cancellationToken);
        var last = devices.Length == limit ? devices[^1].Id.Name : null;
        var next = last is not null && (await queries.ListAsync(scope.Id, filter, last, 1, cancellationToken)).IsEmpty ? null : last;
        return TypedResults.Ok(new Page<NominationBody>([.. devices.Select(ToBody)], next));
    }

    /// <summary>Retires a nominated device</summary>
    /// <remarks>
    /// As a transition to Retired with the reason operator. 202: it waits for a person; the twin is as it was, and <c>hold</c> says
    /// what waits.
    /// </remarks>
    internal static Task<Results<Ok<TwinBody>, Accepted<TwinBody>, ProblemResult>> RetireAsync(
        DeviceScope scope,
        Caller caller,
        HttpResponse response,
        ISessionDirectory sessions,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        var retirement = new TransitionRequest(LifecycleState.Retired, TransitionReason.Operator, Note: null, caller.Actor) { IfNominated = true };
        return TransitionEndpoints.CarryOutAsync(scope, retirement, response, sessions, grains, cancellationToken);
    }

    /// <summary>Dismisses a nomination</summary>
    /// <remarks>The device stays as it is, and is not nominated again unless it becomes compliant and falls out of compliance once more.</remarks>
    internal static async Task<Results<Ok<TwinBody>, ProblemResult>> DismissAsync(
        DeviceScope scope,
        Caller caller,
        HttpResponse response,
        ISessionDirectory sessions,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<IDeviceDeadlines>(scope.Id.ToString()).DismissAsync(caller.Actor, cancellationToken);
        if (outcome is not { Value: { } device })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        ETags.Write(response, device.Version);
        return TypedResults.Ok(device.ToBody(await sessions.IsConnectedAsync(device)));
    }

    private static NominationBody ToBody(Device device) => new()
    {
        Device = device.Id.Name,
        NominatedAt = device.Compliance.Ladder?.NominatedAt ?? device.CreatedAt, // the list is of those that have one
        NoncompliantSince = device.Compliance.NoncompliantSince,
        Lifecycle = device.Lifecycle.ToWire(),
        Compliance = device.Compliance.Status.ToWire(),
        Rules = [.. device.Compliance.Findings.Where(f => f.Fails).Select(f => f.Rule)],
        LastCheckInAt = device.Seen?.CheckInAt,
    };
}
