using System.Globalization;
using MdmOrleans.Abstractions;
using MdmOrleans.Api.Audit;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.History;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.History;

internal static class HistoryEndpoints
{
    public static void MapHistory(this IEndpointRouteBuilder device)
    {
        var events = device.MapGroup("/events").WithTags("History").RequireAuthorization(Authorization.Reads);
        events.MapGet("", ListAsync).WithName("ListDeviceEvents").TakesQuery("limit", "after");
        events.MapGet("/verify", VerifyAsync).WithName("VerifyDeviceEvents").TakesQuery();
    }

    public static void MapTenantHistory(this IEndpointRouteBuilder tenant) => tenant.MapGet("/events", ListTenantAsync)
        .WithName("ListTenantEvents").WithTags("History").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");

    /// <summary>Reads the history of a device</summary>
    /// <remarks>Ascending, behind the number that <c>after</c> names.</remarks>
    internal static async Task<Results<Ok<Page<EventBody>>, ProblemResult>> ListAsync(
        DeviceScope scope, HttpRequest http, IDeviceQueries queries, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Number("after", 0, long.MaxValue) ?? 0;
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        if (await grains.GetGrain<IDeviceTwin>(scope.Id.ToString()).ReadAsync(cancellationToken) is not { } device)
        {
            return ProblemCatalog.DeviceNotFound.ToHttp();
        }

        var events = await queries.ReadEventsAsync(scope.Id, after, limit, cancellationToken);
        var hasMore = events.Length == limit && events[^1].Number < device.Chain.Number;
        return TypedResults.Ok(new Page<EventBody>(
            [.. events.Select(EventWire.ToBody)], hasMore ? events[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    /// <summary>Says whether the history of a device is whole</summary>
    /// <remarks>
    /// Every event is sealed with the hash of the one before it. This proves them all, from the first one, or from the anchor that was
    /// left when older ones were pruned, up to the one that the twin says is its newest. Who rewrites a whole chain is found by the
    /// anchors: every day the ends of all chains are sealed with a key that is not in the database.
    /// </remarks>
    internal static async Task<Results<Ok<ChainBody>, ProblemResult>> VerifyAsync(
        DeviceScope scope, DeviceHistory history, CancellationToken cancellationToken) =>
        await history.ProveAsync(scope.Id, cancellationToken) is { } proof
            ? TypedResults.Ok(ToBody(proof))
            : ProblemCatalog.DeviceNotFound.ToHttp();

    /// <summary>Reads the history of all devices of a tenant</summary>
    /// <remarks>
    /// In the order in which changes became visible, behind the cursor that <c>after</c> is: a cursor never passes a change that is still
    /// being written, so whoever goes on from the last one misses nothing. Without <c>after</c> from the oldest event that is kept.
    /// </remarks>
    internal static async Task<Results<Ok<Page<TenantEventBody>>, ProblemResult>> ListTenantAsync(
        TenantScope scope, HttpRequest http, IEventStream events, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        EventCursor cursor = default;
        var after = query.Text("after", _ => true, "");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        if (after is not null && !EventCursor.TryParse(after, scope.Id, out cursor))
        {
            return ProblemCatalog.CursorUnknown.ToHttp();
        }

        var outcome = await events.ReadAsync(scope.Id, after is null ? null : cursor, [], limit, cancellationToken);
        return outcome is { Value: { } page }
            ? TypedResults.Ok(new Page<TenantEventBody>(
                [.. page.Events.Select(e => e.ToBody(scope.Id))], page.HasMore ? page.Next.ToText(scope.Id) : null))
            : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    private static ChainBody ToBody(HistoryProof proof)
    {
        var (chain, predecessor, namesPredecessor, anchors) = proof;
        return new ChainBody
        {
            Intact = chain.Fault is null && namesPredecessor && anchors.AreIntact,
            Events = chain.End.Number - chain.Start.Number,
            Anchor = chain.Start.ToLink(),
            Last = chain.End.ToLink(),
            BrokenAt = chain.Fault is not null ? chain.End.Number + 1 : namesPredecessor ? null : 1,
            Fault = chain.Fault?.ToWire() ?? (namesPredecessor ? null : ChainFaultNames.Predecessor),
            Predecessor = predecessor is null
                ? null
                : new PredecessorBody(
                    predecessor.Head.Number, Convert.ToHexStringLower(predecessor.Head.Hash.Span), predecessor.DeletedAt, predecessor.Actor),
            Anchors = anchors.ToBody(),
        };
    }
}
