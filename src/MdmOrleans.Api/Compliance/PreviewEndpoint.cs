using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Compliance;

internal static class PreviewEndpoint
{
    public static void MapPreview(this IEndpointRouteBuilder tenant) => tenant.MapPost("/policies/{policy}/preview", RunAsync)
        .WithName("PreviewPolicy").WithTags("Policies").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");

    /// <summary>Previews a draft of a policy</summary>
    /// <remarks>
    /// What it would do to the fleet as it is stored, if it were in force now: counts, and, by name, each device for which something
    /// would change, with its rules and the instants of what would follow. Nothing is changed. The first page judges the whole fleet,
    /// at a rate that check-ins hardly notice (100,000 devices take some 20 seconds); those behind it, with the same body, go on.
    /// </remarks>
    internal static async Task<Results<Ok<PreviewBody>, ProblemResult>> RunAsync(
        TenantScope scope, string policy, RawBody<PolicyRequest> body, HttpRequest http, PolicyPreviews previews, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", _ => true, "");
        if (query.Problem is { } invalid)
        {
            return invalid.ToHttp();
        }

        if (!PolicyId.TryCreate(scope.Id, policy, out var id) || scope.Tenant is not { } tenant)
        {
            return ApiProblems.NotFound.ToHttp();
        }

        if (!body.TryGet(out var json, out var problem))
        {
            return problem.ToHttp();
        }

        var outcome = await previews.RunAsync(tenant, id, json, after, limit, cancellationToken);
        return outcome is { Value: { } page } ? TypedResults.Ok(ToBody(page)) : outcome.Problem!.ToHttp(); // exactly one of the two is set
    }

    private static PreviewBody ToBody(PreviewPage page) => new()
    {
        Before = page.Counts.Before,
        After = page.Counts.After,
        AsDefault = page.AsDefault,
        Changes = new Page<PreviewedChange>([.. page.Changes.Select(ToChange)], page.Next),
    };

    private static PreviewedChange ToChange(PreviewedDevice device) => new()
    {
        Device = device.Before.Id.Name,
        From = device.Before.Compliance.Status.ToWire(),
        To = device.After.Compliance.Status.ToWire(),
        Rules = [.. device.Rules],
        GraceEndsAt = device.After.Compliance.GraceEndsAt,
        Steps = [.. device.Steps.Select(step => new PreviewedStep(step.Step.Action.ToWire(), step.At))],
    };
}
