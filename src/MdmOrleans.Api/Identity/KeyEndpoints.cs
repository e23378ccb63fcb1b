using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Api.Bodies;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Identity;
using MdmOrleans.Core;
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
        keys.MapDelete("/{name}", RemoveAsync).WithName("RemoveKey").TakesQuery();
    }

    /// <summary>Makes a key</summary>
    /// <remarks>Its secret is in this answer and nowhere else.</remarks>
    internal static async Task<Results<Created<KeyBody>, ProblemResult>> AddAsync(
        JsonBody<KeyRequest> body, Caller caller, IKeyRing keys, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!body.TryGet(out var request, out var problem))
        {
            return problem.ToHttp();
        }

        var secret = Secrets.NewKey();
        if (!TryRead(request, SecretHash.Of(secret), time.GetInstant(), out var key, out var errors))
        {
            return ApiProblems.InvalidBody(errors).ToHttp();
        }

        if (!caller.Key.MayMake(key.Role, key.Tenants))
        {
            return ApiProblems.KeyAboveOwn.ToHttp();
        }

        return await keys.AddAsync(key, cancellationToken) is { } refusal
            ? refusal.ToHttp()
            : TypedResults.Created($"/v1/keys/{key.Name}", ToBody(key) with { Key = secret });
    }

    /// <summary>Lists keys</summary>
    /// <remarks>By name, without their secrets: those that the asking key could have made itself.</remarks>
    internal static async Task<Results<Ok<Page<KeyBody>>, ProblemResult>> ListAsync(
        HttpRequest http, Caller caller, IKeyRing keys, CancellationToken cancellationToken)
    {
        var query = new QueryReader(http);
        var limit = query.Limit();
        var after = query.Text("after", AccessKey.IsName, "is not the name of a key.");
        if (query.Problem is { } problem)
        {
            return problem.ToHttp();
        }

        var own = (await keys.ListAsync(cancellationToken))
            .Where(key => caller.Key.MayMake(key.Role, key.Tenants))
            .ToDictionary(key => key.Name);
        var (names, next) = Pages.Cut(own.Keys.Order(StringComparer.Ordinal), after, limit);
        return TypedResults.Ok(new Page<KeyBody>([.. names.Select(name => ToBody(own[name]))], next));
    }

    /// <summary>Removes a key</summary>
    /// <remarks>It is refused from the next request on.</remarks>
    internal static async Task<Results<NoContent, ProblemResult>> RemoveAsync(
        string name, Caller caller, IKeyRing keys, CancellationToken cancellationToken)
    {
        var isThere = (await keys.ListAsync(cancellationToken)).Any(key => key.Name == name && caller.Key.MayMake(key.Role, key.Tenants));
        if (!isThere)
        {
            return ProblemCatalog.KeyNotFound.ToHttp();
        }

        return await keys.RemoveAsync(name, cancellationToken) is { } refusal ? refusal.ToHttp() : TypedResults.NoContent();
    }

    private static bool TryRead(
        KeyRequest request, SecretHash hash, DateTimeOffset now, out AccessKey key, out ImmutableArray<ProblemError> errors)
    {
        var found = ImmutableArray.CreateBuilder<ProblemError>();
        if (!AccessKey.IsName(request.Name))
        {
            found.Add(new ProblemError("/name", "must be 1 to 64 letters, digits, dots, underscores and hyphens, the first a letter or a digit"));
        }

        if (WireName.Read<KeyRole>(request.Role, RoleWire.ToWire) is not { } role)
        {
            role = default;
            found.Add(new ProblemError("/role", "must be admin, operator or reader"));
        }

        var tenants = ImmutableArray.CreateBuilder<TenantId>();
        for (var i = 0; i < request.Tenants?.Count; i++)
        {
            if (TenantId.TryParse(request.Tenants[i], out var tenant))
            {
                tenants.Add(tenant);
            }
            else
            {
                found.Add(new ProblemError($"/tenants/{i}", "is not the name of a tenant"));
            }
        }

        errors = found.DrainToImmutable();
        key = new AccessKey(request.Name, role, request.Tenants is null ? null : [.. tenants.Distinct()], hash, now);
        return errors.IsEmpty;
    }

    private static KeyBody ToBody(AccessKey key) => new()
    {
        Name = key.Name,
        Role = key.Role.ToWire(),
        Tenants = key.Tenants is { } tenants ? [.. tenants.Select(t => t.Name)] : null,
        CreatedAt = key.CreatedAt,
    };
}
