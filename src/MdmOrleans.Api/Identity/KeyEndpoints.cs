using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Audit;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Identity;

internal static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder v1)
    {
        var keys = v1.MapGroup("/keys").RequireAuthorization(Authorization.Administers).WithTags("Keys");
        keys.MapPost("", AddAsync).WithName("AddKey").TakesQuery();
        keys.MapGet("", ListAsync).WithName("ListKeys").TakesQuery("limit", "after");
        keys.MapDelete("/{name}", RemoveAsync).WithName("RemoveKey").TakesQuery("tenant");
    }

    /// <summary>Makes a key</summary>
    /// <remarks>
    /// Its secret is in this answer and nowhere else. It remembers who made it, and its name is never used again in any of its
    /// tenants. Names that are used where the asking key sees nothing are free.
    /// </remarks>
    internal static async Task<Results<Created<KeyBody>, ProblemResult>> AddAsync(
        JsonBody<KeyRequest> body, Caller caller, HttpContext http, IKeyRing keys, IGrainFactory grains, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        AuditTarget.Set(http, AuditTargets.Key(request.Name));
        var secret = Secrets.NewKey();
        if (!request.TryRead(SecretHash.Of(secret), caller.Key, time.GetInstant(), out var key, out var errors))
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        if (!caller.Key.MayMake(key.Role, key.Tenants))
        {
            return ApiProblems.KeyAboveOwn.ToHttp(); // first: whether the tenants of others exist is not for it to know
        }

        if (await FindUnknownTenantsAsync(request, grains, cancellationToken) is { IsEmpty: false } unknown)
        {
            return ApiProblems.TenantsUnknown(unknown).ToHttp();
        }

        return await keys.AddAsync(key, cancellationToken) is { } refusal
            ? refusal.ToHttp()
            : TypedResults.Created($"/v1/keys/{key.Name}", key.ToBody() with { Key = secret });
    }

    /// <summary>Lists keys</summary>
    /// <remarks>By name, without their secrets: those that the asking key could have made itself.</remarks>
    internal static async Task<Results<Ok<Page<KeyBody>>, ProblemResult>> ListAsync(
        HttpRequest http, Caller caller, IKeyRing keys, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", text => AccessKey.IsName(text.Split(':')[0]), "is not the name of a key.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var own = (await keys.ListAsync(cancellationToken))
            .Where(key => caller.Key.MayMake(key.Role, key.Tenants))
            .ToDictionary(key => key.Id);
        var (ids, next) = Pages.Cut(own.Keys.Order(StringComparer.Ordinal), after, limit);
        return TypedResults.Ok(new Page<KeyBody>([.. ids.Select(id => own[id].ToBody())], next));
    }

    /// <summary>Removes a key</summary>
    /// <remarks>
    /// It is refused from the next request on, and what it follows ends within seconds. Where keys of several tenants have the same name,
    /// <c>tenant</c> says which one: the key that sees it.
    /// </remarks>
    internal static async Task<Results<NoContent, ProblemResult>> RemoveAsync(
        string name, Caller caller, HttpRequest http, IKeyRing keys, CancellationToken cancellationToken)
    {
        TenantId tenant = default;
        var query = new QueryReader(http);
        var isNarrowed = query.Text("tenant", text => TenantId.TryParse(text, out tenant), "is not the name of a tenant.") is not null;
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var found = (await keys.ListAsync(cancellationToken))
            .Where(key => key.Name == name && caller.Key.MayMake(key.Role, key.Tenants) && (!isNarrowed || key.Sees(tenant)))
            .ToArray();
        return found switch
        {
            [] => ProblemCatalog.KeyNotFound.ToHttp(),
            [var key] => await keys.RemoveAsync(key.Id, cancellationToken) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent(),
            _ => ApiProblems.KeyAmbiguous.ToHttp(),
        };
    }

    private static async Task<ImmutableArray<ProblemError>> FindUnknownTenantsAsync(
        KeyRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (request.Tenants is not { } tenants)
        {
            return [];
        }

        var known = (await grains.GetGrain<ITenantDirectory>(0).ListAsync(cancellationToken)).Select(tenant => tenant.Name).ToHashSet();
        return [.. tenants.Index().Where(tenant => !known.Contains(tenant.Item)).Select(tenant => new ProblemError($"/tenants/{tenant.Index}", "does not exist"))];
    }
}
