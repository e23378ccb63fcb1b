using System.Globalization;
using MdmOrleans.Abstractions;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Compliance;
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
    public static void MapHistory(this IEndpointRouteBuilder device) => device.MapGet("/events", ListAsync)
        .WithName("ListDeviceEvents").WithTags("History").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");

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
            [.. events.Select(ToBody)], hasMore ? events[^1].Number.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static EventBody ToBody(DeviceEvent @event) => new()
    {
        Number = @event.Number,
        At = @event.At,
        RecordedAt = @event.RecordedAt,
        Kind = @event.Kind,
        Actor = @event.Actor,
        Reason = @event.Reason,
        From = @event.From,
        To = @event.To,
        Policy = @event.Policy is { } policy ? new PolicyReference(policy.Id, policy.Version) : null,
        Epoch = @event.Epoch,
        Detail = new RawJson(@event.Detail.Memory),
        Hash = Convert.ToHexStringLower(@event.Hash.Span),
    };
}
