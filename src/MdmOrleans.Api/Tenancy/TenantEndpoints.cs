using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Tenancy;

internal static class TenantEndpoints
{
    public static void MapTenants(this IEndpointRouteBuilder v1)
    {
        var tenants = v1.MapGroup("/tenants").WithTags("Tenants");
        tenants.MapGet("", ListAsync).WithName("ListTenants").RequireAuthorization(Authorization.Reads).TakesQuery("limit", "after");
        tenants.MapGet("/{tenant}", Get).WithName("GetTenant").RequireAuthorization(Authorization.Reads).WithMetadata(new TenantRoute()).TakesQuery();
        tenants.MapPut("/{tenant}", PutAsync).WithName("PutTenant").RequireAuthorization(Authorization.Administers)
            .WithMetadata(new TenantRoute(MayBeMissing: true)).TakesQuery(MassEffects.Confirm).TakesPreconditions();
        tenants.MapPatch("/{tenant}", PatchAsync).WithName("PatchTenant").RequireAuthorization(Authorization.Administers)
            .WithMetadata(new TenantRoute()).TakesQuery(MassEffects.Confirm).TakesIfMatch();
        tenants.MapGet("/{tenant}/summary", SummaryEndpoint.GetAsync).WithName("GetTenantSummary").RequireAuthorization(Authorization.Reads)
            .WithMetadata(new TenantRoute()).TakesQuery();
    }

    /// <summary>Lists tenants</summary>
    /// <remarks>By name: those that the asking key sees.</remarks>
    internal static async Task<Results<Ok<Page<TenantBody>>, ProblemResult>> ListAsync(
        HttpRequest http, Caller caller, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => TenantId.TryParse(text, out _), "is not the name of a tenant.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var all = await grains.GetGrain<ITenantDirectory>(0).ListAsync(cancellationToken);
        var page = Pages.Cut(all.Where(caller.Key.Sees).Select(tenant => tenant.Name), after, limit);
        return TypedResults.Ok(await Pages.ReadAsync(page, ReadAsync, cancellationToken));

        async Task<TenantBody?> ReadAsync(string name, CancellationToken token) =>
            (await grains.GetGrain<ITenantGrain>(name).ReadAsync(token))?.ToBody();
    }

    /// <summary>Reads a tenant</summary>
    internal static Results<Ok<TenantBody>, ProblemResult> Get(TenantScope scope, HttpResponse response)
    {
        if (scope.Tenant is not { } tenant)
        {
            return ProblemCatalog.TenantNotFound.ToHttp();
        }

        ETags.Write(response, tenant.Version);
        return TypedResults.Ok(tenant.ToBody());
    }

    /// <summary>Creates or replaces a tenant</summary>
    /// <remarks>
    /// The same settings again keep the version. What is absent goes back to its default; only the governor stays, and a default policy that
    /// devices are judged by is not left out by accident. 409 <c>mass_effect</c>: it would take access from more than a tenth of the fleet.
    /// </remarks>
    internal static async Task<Results<Ok<TenantBody>, Created<TenantBody>, ProblemResult>> PutAsync(
        TenantScope scope, JsonBody<TenantRequest> body, HttpContext http, TenantWrites writes, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem)
            || !ETags.TryResolve(http.Request, scope.Tenant?.Version, out var expected, out problem))
        {
            return problem.ToHttp();
        }

        var (tenant, refusal) = await writes.StoreAsync(
            scope.Id,
            scope.Tenant,
            new TenantWrite(request, (int?)expected, KeepsGovernor: !request.MentionsGovernor, KeepsPolicyInUse: !request.MentionsDefaultPolicy),
            http,
            cancellationToken);
        if (tenant is null)
        {
            return refusal!.Result; // exactly one of the two is set
        }

        return scope.Tenant is null ? Created(http, tenant) : Found(http, tenant);
    }

    /// <summary>Changes a tenant</summary>
    /// <remarks>
    /// A JSON Merge Patch (RFC 7396): what is not mentioned stays. 409 <c>mass_effect</c>: it would take access from more than a tenth of the fleet.
    /// </remarks>
    internal static async Task<Results<Ok<TenantBody>, ProblemResult>> PatchAsync(
        TenantScope scope, RawBody<TenantPatch> body, HttpContext http, IGrainFactory grains, TenantWrites writes, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var patch, out var problem)
            || (problem = TenantMerge.Check(patch)) is not null
            || !ETags.TryResolve(http.Request, scope.Tenant?.Version, out var expected, out problem))
        {
            return problem.ToHttp();
        }

        var before = scope.Tenant;
        while (before is not null)
        {
            if (!TenantMerge.TryMerge(before, patch, out var write, out problem))
            {
                return problem.ToHttp();
            }

            var (tenant, refusal) = await writes.StoreAsync(scope.Id, before, write, http, cancellationToken);
            if (tenant is not null)
            {
                return Found(http, tenant);
            }

            if (expected is not null || !refusal!.IsStale)
            {
                return refusal!.Result; // there is one where there is no tenant
            }

            before = await grains.GetGrain<ITenantGrain>(scope.Id.ToString()).ReadAsync(cancellationToken); // somebody was quicker
        }

        return ProblemCatalog.TenantNotFound.ToHttp();
    }

    private static Ok<TenantBody> Found(HttpContext http, Tenant tenant)
    {
        ETags.Write(http.Response, tenant.Version);
        return TypedResults.Ok(tenant.ToBody());
    }

    private static Created<TenantBody> Created(HttpContext http, Tenant tenant)
    {
        ETags.Write(http.Response, tenant.Version);
        return TypedResults.Created($"/v1/tenants/{tenant.Id}", tenant.ToBody());
    }
}
