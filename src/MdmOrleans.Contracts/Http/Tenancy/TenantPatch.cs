using System.ComponentModel.DataAnnotations;

namespace MdmOrleans.Contracts.Http.Tenancy;

/// <summary>Body of <c>PATCH /v1/tenants/{tenant}</c>, a JSON Merge Patch (RFC 7396): what is not mentioned stays, null means the default.</summary>
/// <remarks>Members that only the server writes are ignored.</remarks>
[MergePatch, ReadOnlyMembers("tenant", "version", "pendingGovernor", "createdAt")]
public sealed record TenantPatch
{
    /// <summary>For people; 1 to 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Name of a policy of this tenant; null: none.</summary>
    public string? DefaultPolicy { get; init; }

    public bool? NoncompliantWithoutPolicy { get; init; }

    public string? QuarantineZone { get; init; }

    [AllowedValues(LostWipeNames.Ask, LostWipeNames.Automatic)]
    public string? LostWipe { get; init; }

    /// <summary>Its members are merged as well.</summary>
    public GovernorRequest? Governor { get; init; }
}
