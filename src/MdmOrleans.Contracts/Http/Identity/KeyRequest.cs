using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Identity;

/// <summary>Body of <c>POST /v1/keys</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record KeyRequest
{
    /// <summary>1 to 64 letters, digits, dots, underscores and hyphens, and never used before in its tenants. What the key does is done by <c>key:{name}</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it may do: <c>reader</c> reads, <c>operator</c> also drives devices, <c>admin</c> also changes tenants, policies and keys.</summary>
    [AllowedValues(RoleNames.Admin, RoleNames.Operator, RoleNames.Reader)]
    public required string Role { get; init; }

    /// <summary>The only tenants that it sees, at least one. Absent: all, those of the future included.</summary>
    public IReadOnlyList<string>? Tenants { get; init; }
}

/// <summary>How the roles of keys are spelled on the wire.</summary>
public static class RoleNames
{
    public const string Admin = "admin";
    public const string Operator = "operator";
    public const string Reader = "reader";
}
