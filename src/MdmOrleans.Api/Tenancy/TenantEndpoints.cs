using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
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
            .WithMetadata(new TenantRoute(MayBeMissing: true)).TakesQuery().TakesPreconditions();
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
    /// <remarks>The same settings again keep the version. What is absent goes back to its default.</remarks>
    internal static async Task<Results<Ok<TenantBody>, Created<TenantBody>, ProblemResult>> PutAsync(
        TenantScope scope, JsonBody<TenantRequest> body, Caller caller, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem)
            || !ETags.TryResolve(http.Request, scope.Tenant?.Version, out var expected, out problem))
        {
            return problem.ToHttp();
        }

        if (!request.TryRead(out var settings, out var errors))
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        if (settings.DefaultPolicy is { } policy && !PolicyId.TryCreate(scope.Id, policy, out _))
        {
            return ApiProblems.PolicyUnknown("/defaultPolicy").ToHttp(); // what is no name names nothing
        }

        var outcome = await grains.GetGrain<ITenantGrain>(scope.Id.ToString()).PutAsync(settings, (int?)expected, caller.Actor, cancellationToken);
        if (outcome is not { Value: { } tenant })
        {
            return outcome.Problem!.WithPolicyAt("/defaultPolicy").ToHttp(); // exactly one of the two is set
        }

        ETags.Write(http.Response, tenant.Version);
        return scope.Tenant is null ? TypedResults.Created($"/v1/tenants/{tenant.Id}", tenant.ToBody()) : TypedResults.Ok(tenant.ToBody());
    }
}
