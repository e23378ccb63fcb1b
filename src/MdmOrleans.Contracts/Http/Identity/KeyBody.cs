using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Identity;

/// <summary>An API key of a person or a service, without its secret.</summary>
public sealed record KeyBody
{
    public required string Name { get; init; }

    /// <summary>What it may do.</summary>
    [AllowedValues(RoleNames.Admin, RoleNames.Operator, RoleNames.Reader)]
    public required string Role { get; init; }

    /// <summary>The only tenants that it sees; null: all, those of the future included.</summary>
    public required IReadOnlyList<string>? Tenants { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the key that made it; null: the installation did, or nobody knows.</summary>
    public required string? MadeBy { get; init; }

    /// <summary>The secret, sent as <c>Authorization: Bearer</c>. Only in the answer that made it: it is stored as a hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }
}
