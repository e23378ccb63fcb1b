using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Limits;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http.Access;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Access;

internal static class AccessStreamEndpoint
{
    private const int MaxWaitSeconds = 300;

    /// <summary>The name that browsers give back the <c>id:</c> under.</summary>
    private const string LastEventId = "Last-Event-ID";

    public static void MapAccessStream(this IEndpointRouteBuilder tenant) => tenant.MapGet("/access/stream", FollowAsync)
        .WithName("FollowAccess").WithTags("Access").RequireAuthorization(Authorization.Reads).WithMetadata(new LongLived()).TakesQuery("after", "wait").TakesHeaders(LastEventId)
        .Produces<AccessChangesBody>(StatusCodes.Status200OK, "application/json", AccessStreamResult.ContentType);

    /// <summary>Follows changes of access</summary>
    /// <remarks>
    /// Server-sent events: each change of what a device may within a second of its commit. Every <c>id:</c> is a cursor; with it as
    /// <c>Last-Event-ID</c>, or as <c>after</c>, nothing is missed, over restarts of either side. Without one it starts now; an
    /// <c>id:</c> without data says where that is. With <c>wait</c> the answer is JSON: what there is, or what comes within so many
    /// seconds. A change of the reason alone is no change of access.
    /// </remarks>
    internal static async Task<Results<AccessStreamResult, Ok<AccessChangesBody>, ProblemResult>> FollowAsync(
        TenantScope scope, Caller caller, HttpRequest http, AccessStreams streams, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var wait = query.Number("wait", 0, MaxWaitSeconds);
        EventCursor cursor = default;
        var text = http.Headers[LastEventId] is [{ Length: > 0 } last] ? last : query.Text("after", _ => true, "");
        if (text is not null && !EventCursor.TryParse(text, scope.Id, out cursor))
        {
            return ProblemCatalog.CursorUnknown.ToHttp();
        }

        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var opened = await streams.OpenAsync(scope.Id, caller.Key, text is null ? null : cursor, cancellationToken);
        if (opened is not { Value: { } stream })
        {
            return opened.Problem!.ToHttp(); // exactly one of the two is set
        }

        if (wait is not { } seconds)
        {
            return new AccessStreamResult(stream);
        }

        using (stream)
        {
            var polled = await stream.PollAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
            return polled.Value is { } changes ? TypedResults.Ok(changes) : polled.Problem!.ToHttp(); // exactly one of the two is set
        }
    }
}

/// <summary>Writes server-sent events until somebody ends it.</summary>
internal sealed class AccessStreamResult(AccessStream stream) : IResult
{
    public const string ContentType = "text/event-stream";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (stream)
        {
            await stream.WriteAsync(httpContext);
        }
    }
}
