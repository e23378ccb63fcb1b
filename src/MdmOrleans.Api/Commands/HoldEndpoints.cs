using System.Collections.Immutable;
using MdmOrleans.Abstractions.Commands;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
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
        var held = await ReadAsync(queries, scope, after, limit, cancellationToken);
        HoldBody[] page = [.. governor.Concat(held).Take(limit)];
        return TypedResults.Ok(new Page<HoldBody>(page, governor.Length + held.Length > limit ? page[^1].Id : null));
    }

    /// <summary>Lets a held command go</summary>
    /// <remarks>
    /// Its life starts now, and a retirement takes place now. Needs a second person: two keys, both at least 24 hours old
    /// (<c>Governor:KeyAgeHours</c>), of which neither made the other, and which only the administrator key may both have made.
    /// </remarks>
    internal static Task<Results<Ok<HoldBody>, ProblemResult>> ApproveAsync(
        TenantScope scope, string hold, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        DecideAsync(scope, hold, isApproved: true, caller, grains, cancellationToken);

    /// <summary>Ends a held command without it ever having gone</summary>
    /// <remarks>Whoever may operate the device may, also whoever asked for it.</remarks>
    internal static Task<Results<Ok<HoldBody>, ProblemResult>> RejectAsync(
        TenantScope scope, string hold, Caller caller, IGrainFactory grains, CancellationToken cancellationToken) =>
        DecideAsync(scope, hold, isApproved: false, caller, grains, cancellationToken);

    private static async Task<Results<Ok<HoldBody>, ProblemResult>> DecideAsync(
        TenantScope scope, string hold, bool isApproved, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (hold == HoldId.Governor)
        {
            return await DecideGovernorAsync(scope, isApproved, caller, grains, cancellationToken);
        }

        if (!HoldId.TryParse(scope.Id, hold, out var id))
        {
            return ProblemCatalog.HoldNotFound.ToHttp();
        }

        var commands = grains.GetGrain<IDeviceCommands>(id.Device.ToString());
        var outcome = await commands.DecideHoldAsync(id.Command, isApproved, caller.Key.Name, cancellationToken);
        return outcome.Value is { } command ? TypedResults.Ok(command.ToHold(id.Device))
            : outcome.Problem == ProblemCatalog.DeviceNotFound ? ProblemCatalog.HoldNotFound.ToHttp()
            : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    private static async Task<Results<Ok<HoldBody>, ProblemResult>> DecideGovernorAsync(
        TenantScope scope, bool isApproved, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<ITenantGrain>(scope.Id.ToString()).DecideGovernorAsync(isApproved, caller.Key.Name, cancellationToken);
        if (outcome.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        return scope.Tenant?.PendingGovernor is { } change
            ? TypedResults.Ok(change.ToHold(isApproved ? "approved" : "rejected"))
            : ProblemCatalog.HoldSettled.ToHttp(); // it came between the two reads
    }

    /// <summary>One more than <paramref name="limit"/> where there are as many, so that 'next' never leads nowhere.</summary>
    private static async Task<ImmutableArray<HoldBody>> ReadAsync(
        IDeviceQueries queries, TenantScope scope, string? after, int limit, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<HoldBody>();
        var filter = new DeviceFilter { HasHolds = true };
        var isInside = HoldId.TryParse(scope.Id, after, out var last);
        if (isInside)
        {
            // The rest of the device at which the page before ended: it is the first one behind the name before it.
            var same = await queries.ListAsync(scope.Id, filter with { Name = last.Device.Name }, after: null, 1, cancellationToken);
            found.AddRange(same.SelectMany(HoldsOf).Where(hold => hold.Command > last.Command));
        }

        var behind = isInside ? last.Device.Name : null;
        while (found.Count <= limit)
        {
            var devices = await queries.ListAsync(scope.Id, filter, behind, Math.Min(limit + 1, QueryReader.MaxLimit), cancellationToken);
            if (devices.IsEmpty)
            {
                break;
            }

            found.AddRange(devices.SelectMany(HoldsOf));
            behind = devices[^1].Id.Name;
        }

        return found.ToImmutable();
    }

    private static IEnumerable<HoldBody> HoldsOf(Device device) => device.Commands.Pending
        .Where(command => command.Status == CommandStatus.OnHold)
        .OrderBy(command => command.Id)
        .Select(command => command.ToHold(device.Id));
}
