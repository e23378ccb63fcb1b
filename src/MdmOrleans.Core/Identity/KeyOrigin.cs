using System.Collections.Immutable;

namespace MdmOrleans.Core.Identity;

/// <summary>Where a key comes from. Kept for ever, also after the key is removed: its name is never used again.</summary>
/// <param name="Tenants">The only tenants that it sees; null: all.</param>
/// <param name="MadeBy">The name of the key that made it, which sees every tenant that it sees; null: nobody knows.</param>
[GenerateSerializer, Immutable, Alias("mdm.KeyOrigin")]
public sealed record KeyOrigin(
    [property: Id(0)] string Name,
    [property: Id(1)] ImmutableArray<TenantId>? Tenants,
    [property: Id(2)] string? MadeBy,
    [property: Id(3)] DateTimeOffset CreatedAt)
{
    public bool Sees(TenantId tenant) => Tenants is not { } tenants || tenants.Contains(tenant);

    /// <summary>True when a tenant would see both keys, so that their names must differ.</summary>
    /// <remarks>Where no tenant sees both, neither name tells anything about the other.</remarks>
    public bool Overlaps(ImmutableArray<TenantId>? others) =>
        Tenants is not { } own || others is not { } tenants || own.Any(tenants.Contains);
}
