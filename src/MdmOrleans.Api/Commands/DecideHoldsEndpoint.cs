using System.Collections.Immutable;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MdmOrleans.Api.Commands;

internal static class DecideHoldsEndpoint
{
    private const int MaxHolds = 1000;
    private const int MaxNote = 1000;

    /// <summary>Decides many holds</summary>
    /// <remarks>
    /// Each by itself, as if it were decided alone: the answer says what became of each, and 200 does not mean that all were decided. A filter
    /// reaches the first 1,000 that match; ask again for the rest. Approvals count as passes of the governor. Approvals that would end the
    /// access of more than a tenth of the fleet are 409 <c>mass_effect</c> until they are confirmed.
    /// </remarks>
    internal static async Task<Results<Ok<DecidedHoldsBody>, ProblemResult>> DecideAsync(
        TenantScope scope, JsonBody<DecideHoldsRequest> body, Caller caller, HttpContext http, IDeviceQueries queries, HoldDecisions decisions,
        MassEffects effects, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        if (Check(request, out var heldBefore) is { IsEmpty: false } errors)
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        string[] holds = request.Filter is { } filter
            ? [.. (await HoldList.FindAsync(queries, scope.Id, hold => Matches(filter, heldBefore, hold), MaxHolds, cancellationToken)).Select(hold => hold.Id)]
            : [.. (request.Ids ?? []).Distinct(StringComparer.Ordinal)];
        var isApproved = request.Decision == HoldDecisionNames.Approve;
        if (isApproved && await effects.StopAsync(scope.Id, Reached(scope, holds), http, body.Json, cancellationToken) is { } stopped)
        {
            return stopped;
        }

        return TypedResults.Ok(await decisions.DecideAllAsync(scope, holds, isApproved, request.Note, caller, cancellationToken));
    }

    private static ImmutableArray<ProblemError> Check(DecideHoldsRequest request, out DateTimeOffset? heldBefore)
    {
        var errors = ImmutableArray.CreateBuilder<ProblemError>();
        heldBefore = null;
        Demand(request.Decision is HoldDecisionNames.Approve or HoldDecisionNames.Reject, "/decision", "must be approve or reject");
        Demand(request.Ids is null != request.Filter is null, "", "must have either ids or a filter");
        Demand(request.Ids is null or { Count: >= 1 and <= MaxHolds }, "/ids", $"must be 1 to {MaxHolds} ids of holds");
        Demand(request.Note is null or { Length: <= MaxNote }, "/note", $"must be at most {MaxNote} characters");
        Demand(request.Filter?.Kind is null or "wipe" or "retire", "/filter/kind", "must be wipe or retire");
        if (request.Filter?.HeldBefore is { } text)
        {
            var isInstant = WireName.TryReadInstant(text, out var instant);
            Demand(isInstant, "/filter/heldBefore", "must be an instant as RFC 3339 has it, e.g. 2026-11-24T03:00:00Z");
            heldBefore = instant;
        }

        return errors.DrainToImmutable();

        void Demand(bool isFine, string pointer, string otherwise)
        {
            if (!isFine)
            {
                errors.Add(new ProblemError(pointer, otherwise));
            }
        }
    }

    private static bool Matches(HoldFilterRequest filter, DateTimeOffset? heldBefore, HoldBody hold) =>
        (filter.Kind is null || filter.Kind == hold.Kind)
        && (filter.Reason is null || filter.Reason == hold.Reason)
        && (filter.RequestedBy is null || filter.RequestedBy == hold.RequestedBy)
        && !(hold.HeldAt >= heldBefore);

    private static DeviceFilter Reached(TenantScope scope, IEnumerable<string> holds)
    {
        var devices = holds.Select(hold => HoldId.TryParse(scope.Id, hold, out var id) ? id.Device.Name : null).OfType<string>().Distinct();
        return new DeviceFilter { Names = [.. devices] };
    }
}
