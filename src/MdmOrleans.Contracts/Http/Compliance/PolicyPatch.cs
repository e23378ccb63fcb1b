using System.ComponentModel.DataAnnotations;

namespace MdmOrleans.Contracts.Http.Compliance;

/// <summary>
/// Body of <c>PATCH /v1/tenants/{tenant}/policies/{policy}</c>, a JSON Merge Patch (RFC 7396): what is not mentioned stays, null means the
/// default, and a list is replaced as a whole.
/// </summary>
[MergePatch]
public sealed record PolicyPatch
{
    public string? Name { get; init; }

    public IReadOnlyList<string>? Platforms { get; init; }

    public IReadOnlyList<PolicyRule>? Rules { get; init; }

    public double? GraceHours { get; init; }

    public IReadOnlyList<LadderStep>? OnNoncompliance { get; init; }

    [AllowedValues("retire", "wipe", "none", null)]
    public string? OnRetire { get; init; }

    /// <summary>Its members are merged as well.</summary>
    public PatchWindow? PatchWindow { get; init; }

    public int? CheckInSeconds { get; init; }
}
