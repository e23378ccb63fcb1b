using System.Collections.Immutable;
using MdmOrleans.Api.Requests;
using MdmOrleans.Contracts.Http.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Identity;

internal static class KeyWire
{
    /// <param name="maker">The key that asks for it.</param>
    public static bool TryRead(
        this KeyRequest request, SecretHash hash, AccessKey maker, DateTimeOffset now, out AccessKey key, out ImmutableArray<ProblemError> errors)
    {
        var found = ImmutableArray.CreateBuilder<ProblemError>();
        if (!AccessKey.IsName(request.Name))
        {
            found.Add(new ProblemError("/name", "must be 1 to 64 letters, digits, dots, underscores and hyphens, starting with a letter or a digit"));
        }

        if (WireName.Read<KeyRole>(request.Role, RoleWire.ToWire) is not { } role)
        {
            role = default;
            found.Add(new ProblemError("/role", "must be admin, operator or reader"));
        }

        if (request.Tenants is { Count: 0 })
        {
            found.Add(new ProblemError("/tenants", "must name at least one tenant; leave it out for all tenants"));
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
        key = new AccessKey(request.Name, role, request.Tenants is null ? null : [.. tenants.Distinct()], hash, now) { MadeBy = maker.Name };
        return errors.IsEmpty;
    }

    public static KeyBody ToBody(this AccessKey key) => new()
    {
        Name = key.Name,
        Role = key.Role.ToWire(),
        Tenants = key.Tenants is { } tenants ? [.. tenants.Select(t => t.Name)] : null,
        CreatedAt = key.CreatedAt,
        MadeBy = key.MadeBy,
    };
}
