using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Commands;

internal static class HoldEndpoints
{
    public static void MapHolds(this IEndpointRouteBuilder tenant)
    {
        var holds = tenant.MapGroup("/holds").WithTags("Holds");
        holds.MapGet("", ListAsync).WithName("ListHolds").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");
        holds.MapPost("/decide", DecideHoldsEndpoint.DecideAsync).WithName("DecideHolds").RequireAuthorization(Authorization.Operates).TakesQuery(MassEffects.Confirm);
        holds.MapPost("/{hold}/approve", ApproveAsync).WithName("ApproveHold").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
        holds.MapPost("/{hold}/reject", RejectAsync).WithName("RejectHold").RequireAuthorization(Authorization.Operates).TakesQuery().TakesNoBody();
    }

    /// <summary>Lists what waits for a person</summary>
    /// <remarks>A governor that somebody wants looser first, then commands by the name of their device.</remarks>
    internal static async Task<Results<Ok<Page<HoldBody>>, ProblemResult>> ListAsync(
        TenantScope scope, HttpRequest http, IDeviceQueries queries, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text(
            "after", text => text == HoldId.Governor || HoldId.TryParse(scope.Id, text, out _), "is not the id of a hold.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        HoldBody[] governor = after is null && scope.Tenant?.PendingGovernor is { } change ? [change.ToHold(CommandStatusNames.OnHold)] : [];
        var held = await HoldList.ReadAsync(queries, scope.Id, after, limit, cancellationToken);
        HoldBody[] page = [.. governor.Concat(held).Take(limit)];
        return TypedResults.Ok(new Page<HoldBody>(page, governor.Length + held.Length > limit ? page[^1].Id : null));
    }

    /// <summary>Lets a held command go</summary>
    /// <remarks>
    /// Its life starts now, and a retirement takes place now. Needs a second person: two keys, both at least 24 hours old
    /// (<c>Governor:KeyAgeHours</c>), of which neither made the other, and which only the administrator key may both have made.
    /// </remarks>
    internal static Task<Results<Ok<HoldBody>, ProblemResult>> ApproveAsync(
        TenantScope scope, string hold, Caller caller, HoldDecisions decisions, CancellationToken cancellationToken) =>
        DecideAsync(scope, hold, isApproved: true, caller, decisions, cancellationToken);

    /// <summary>Ends a held command without it ever having gone</summary>
    /// <remarks>Whoever may operate the device may, also whoever asked for it.</remarks>
    internal static Task<Results<Ok<HoldBody>, ProblemResult>> RejectAsync(
        TenantScope scope, string hold, Caller caller, HoldDecisions decisions, CancellationToken cancellationToken) =>
        DecideAsync(scope, hold, isApproved: false, caller, decisions, cancellationToken);

    private static async Task<Results<Ok<HoldBody>, ProblemResult>> DecideAsync(
        TenantScope scope, string hold, bool isApproved, Caller caller, HoldDecisions decisions, CancellationToken cancellationToken)
    {
        var outcome = await decisions.DecideAsync(scope, hold, isApproved, note: null, caller, cancellationToken);
        return outcome.Value is { } decided ? TypedResults.Ok(decided) : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }
}
