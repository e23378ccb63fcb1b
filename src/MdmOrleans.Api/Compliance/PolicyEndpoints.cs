using System.Globalization;
using System.Text;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Compliance;

internal static class PolicyEndpoints
{
    public static void MapPolicies(this IEndpointRouteBuilder tenant)
    {
        var policies = tenant.MapGroup("/policies").WithTags("Policies");
        policies.MapGet("", ListAsync).WithName("ListPolicies").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after")
            .Produces<Page<PolicyBody>>();
        policies.MapGet("/{policy}", GetAsync).WithName("GetPolicy").RequireAuthorization(Authorization.Reads).TakesQuery("version")
            .Produces<PolicyBody>();
        policies.MapPut("/{policy}", PutAsync).WithName("PutPolicy").RequireAuthorization(Authorization.Administers).TakesQuery(MassEffects.Confirm).TakesPreconditions()
            .Produces<PolicyBody>().Produces<PolicyBody>(StatusCodes.Status201Created);
        policies.MapPatch("/{policy}", PatchAsync).WithName("PatchPolicy").RequireAuthorization(Authorization.Administers)
            .TakesQuery(MassEffects.Confirm).TakesIfMatch().Produces<PolicyBody>();
    }

    /// <summary>Lists policies</summary>
    /// <remarks>By name, each in its newest version.</remarks>
    internal static async Task<Results<JsonHttpResult<Page<RawJson>>, ProblemResult>> ListAsync(
        TenantScope scope, HttpRequest http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => PolicyId.TryCreate(scope.Id, text, out _), "is not the name of a policy.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var names = await grains.GetGrain<ITenantGrain>(scope.Id.ToString()).ListPoliciesAsync(cancellationToken);
        var (cut, next) = Pages.Cut(names, after, limit);
        var page = await Pages.ReadAsync((cut, next), ReadAsync, cancellationToken);
        return Json(new Page<RawJson>([.. page.Items.Select(ToBody)], page.Next));

        async Task<StoredPolicy?> ReadAsync(string name, CancellationToken token) =>
            PolicyId.TryCreate(scope.Id, name, out var id) ? await grains.GetGrain<IPolicyGrain>(id.ToString()).ReadAsync(null, token) : null;
    }

    /// <summary>Reads a policy</summary>
    /// <remarks>The newest version, or the one that <c>version</c> names.</remarks>
    internal static async Task<Results<JsonHttpResult<RawJson>, ProblemResult>> GetAsync(
        TenantScope scope, string policy, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http.Request);
        var version = query.Number("version", 1, int.MaxValue);
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        if (!PolicyId.TryCreate(scope.Id, policy, out var id)
            || await grains.GetGrain<IPolicyGrain>(id.ToString()).ReadAsync((int?)version, cancellationToken) is not { } stored)
        {
            return ApiProblems.NotFound.ToHttp();
        }

        ETags.Write(http.Response, stored.Version);
        return Json(ToBody(stored));
    }

    /// <summary>Creates or replaces a policy</summary>
    /// <remarks>
    /// Every change is a new version, and devices are judged by it from their next check-in or evaluation on. The same content again
    /// keeps the version. What is wrong is listed by JSON Pointer, and then nothing is stored. Members that only the server writes
    /// (<c>id</c>, <c>version</c>, <c>storedAt</c>) are ignored. 409 <c>mass_effect</c>: it would take access from more than a tenth of the fleet.
    /// </remarks>
    internal static async Task<Results<JsonHttpResult<RawJson>, ProblemResult>> PutAsync(
        TenantScope scope, string policy, RawBody<PolicyRequest> body, HttpContext http, IGrainFactory grains, PolicyWrites writes,
        CancellationToken cancellationToken)
    {
        if (!PolicyId.TryCreate(scope.Id, policy, out var id))
        {
            return ApiProblems.InvalidPolicyName.ToHttp();
        }

        if (!body.TryGet(out var json, out var problem))
        {
            return problem.ToHttp();
        }

        var grain = grains.GetGrain<IPolicyGrain>(id.ToString());
        var before = await grain.ReadAsync(null, cancellationToken);
        if (!ETags.TryResolve(http.Request, before?.Version, out var expected, out problem))
        {
            return problem.ToHttp();
        }

        var (stored, refusal) = await writes.StoreAsync(id, before, json, (int?)expected, http, cancellationToken);
        if (stored is null)
        {
            return refusal!.Result; // exactly one of the two is set
        }

        ETags.Write(http.Response, stored.Version);
        if (before is not null)
        {
            return Json(ToBody(stored));
        }

        http.Response.Headers.Location = $"/v1/tenants/{scope.Id}/policies/{id.Name}";
        return Json(ToBody(stored), StatusCodes.Status201Created);
    }

    /// <summary>Changes a policy</summary>
    /// <remarks>
    /// A JSON Merge Patch (RFC 7396): what is not mentioned stays, and a list is replaced as a whole. What comes of it is a new version, or is
    /// refused as a PUT of the same would be.
    /// </remarks>
    internal static async Task<Results<JsonHttpResult<RawJson>, ProblemResult>> PatchAsync(
        TenantScope scope, string policy, RawBody<PolicyPatch> body, HttpContext http, IGrainFactory grains, PolicyWrites writes,
        CancellationToken cancellationToken)
    {
        if (!PolicyId.TryCreate(scope.Id, policy, out var id))
        {
            return ApiProblems.NotFound.ToHttp();
        }

        if (!body.TryGet(out var patch, out var problem))
        {
            return problem.ToHttp();
        }

        var grain = grains.GetGrain<IPolicyGrain>(id.ToString());
        while (await grain.ReadAsync(null, cancellationToken) is { } before)
        {
            if (!ETags.TryResolve(http.Request, before.Version, out var expected, out problem))
            {
                return problem.ToHttp();
            }

            var merged = new Utf8Block(MergePatch.Apply(before.Json.Span, patch.Span));
            var (stored, refusal) = await writes.StoreAsync(id, before, merged, before.Version, http, cancellationToken);
            if (stored is not null)
            {
                ETags.Write(http.Response, stored.Version);
                return Json(ToBody(stored));
            }

            if (expected is not null || !refusal!.IsStale)
            {
                return refusal!.Result; // there is one where nothing was stored
            }
        }

        return ApiProblems.NotFound.ToHttp();
    }

    private static JsonHttpResult<T> Json<T>(T value, int status = StatusCodes.Status200OK) => TypedResults.Json(value, statusCode: status);

    /// <summary>The stored policy with its name and version before its own members, without reading it.</summary>
    private static RawJson ToBody(StoredPolicy policy)
    {
        var storedAt = policy.StoredAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        var head = string.Create(
            CultureInfo.InvariantCulture, $$"""{"id":"{{policy.Name}}","version":{{policy.Version}},"storedAt":"{{storedAt}}",""");
        byte[] json = [.. Encoding.UTF8.GetBytes(head), .. policy.Json.Span[1..]]; // a policy is an object, and never an empty one
        return new RawJson(json);
    }
}
