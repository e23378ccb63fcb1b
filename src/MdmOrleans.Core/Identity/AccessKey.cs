using System.Collections.Immutable;

namespace MdmOrleans.Core.Identity;

/// <summary>What a key may do; each role may do all that the one before it may.</summary>
[GenerateSerializer, Alias("mdm.KeyRole")]
public enum KeyRole
{
    /// <summary>Reads.</summary>
    Reader,

    /// <summary>Reads, and drives devices: creates, patches, commands, transitions.</summary>
    Operator,

    /// <summary>Everything in its tenants: policies, tenants, keys.</summary>
    Admin,
}

/// <summary>An API key of a person or a service.</summary>
/// <param name="Name">No two keys that see a tenant in common have the same; the actor of what it does is <c>key:{name}</c>.</param>
/// <param name="Tenants">The only tenants that it sees; null: all, those of the future included.</param>
[GenerateSerializer, Immutable, Alias("mdm.AccessKey")]
public sealed record AccessKey(
    [property: Id(0)] string Name,
    [property: Id(1)] KeyRole Role,
    [property: Id(2)] ImmutableArray<TenantId>? Tenants,
    [property: Id(3)] SecretHash Hash,
    [property: Id(4)] DateTimeOffset CreatedAt)
{
    /// <summary>The name of the installation's administrator key. It is replaced, never removed, and no other key has this name.</summary>
    public const string AdminName = "admin";

    /// <summary>The name of the key that made it; null: nobody knows, or the installation itself made it.</summary>
    [Id(5)]
    public string? MadeBy { get; init; }

    /// <summary>Its name, and behind a colon the first of its tenants: keys of one name have no tenant in common.</summary>
    public string Id => Tenants is { IsEmpty: false } tenants ? $"{Name}:{tenants.Select(t => t.Name).Min(StringComparer.Ordinal)}" : Name;

    /// <summary>What stays known of it once it is removed.</summary>
    public KeyOrigin Origin => new(Name, Tenants, MadeBy, CreatedAt);

    /// <summary>The same alphabet as devices.</summary>
    public static bool IsName(string? name) => Names.IsMixed(name);

    public bool Sees(TenantId tenant) => Tenants is not { } tenants || tenants.Contains(tenant);

    /// <summary>A key cannot make one that may do, or sees, more than itself.</summary>
    public bool MayMake(KeyRole role, ImmutableArray<TenantId>? tenants) =>
        role <= Role && (Tenants is not { } own || (tenants is { } asked && asked.All(t => own.Contains(t))));
}
