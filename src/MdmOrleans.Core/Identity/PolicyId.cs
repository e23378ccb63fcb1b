using System.Diagnostics.CodeAnalysis;

namespace MdmOrleans.Core.Identity;

/// <summary>Names one policy inside one tenant, e.g. <c>acme/baseline</c>.</summary>
[GenerateSerializer, Immutable, Alias("mdm.PolicyId")]
public readonly record struct PolicyId
{
    private PolicyId(TenantId tenant, string name) => (Tenant, Name) = (tenant, name);

    [Id(0)]
    public TenantId Tenant { get; }

    /// <summary>Matches <c>[a-z0-9][a-z0-9-]{0,62}</c>.</summary>
    [Id(1)]
    public string Name { get; }

    public static bool TryCreate(TenantId tenant, [NotNullWhen(true)] string? name, out PolicyId id)
    {
        id = tenant.Name is not null && Names.IsLower(name) ? new PolicyId(tenant, name!) : default;
        return id.Name is not null;
    }

    /// <summary>The text that grain keys are made of.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PolicyId id)
    {
        id = default;
        return text?.Split('/') is [var tenant, var name] && TenantId.TryParse(tenant, out var tenantId) && TryCreate(tenantId, name, out id);
    }

    /// <summary>The grain key.</summary>
    public override string ToString() => $"{Tenant}/{Name}";
}
