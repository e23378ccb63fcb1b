using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Access;

namespace MdmOrleans.Contracts.Http.Access;

/// <summary>What a network, a proxy or an identity provider is told about a device.</summary>
public sealed record AccessBody
{
    [AllowedValues(AccessNames.Allow, AccessNames.Quarantine, AccessNames.Block)]
    public required string Access { get; init; }

    /// <summary>The tenant's quarantine zone, where access is <c>quarantine</c> and the tenant has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Zone { get; init; }

    /// <summary>A stable word, e.g. <c>compliant</c>, <c>noncompliant</c>, <c>lost</c>, <c>unknownDevice</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>When the answer or its reason last changed.</summary>
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary>How long the answer may be kept; it never outlives the device's next deadline.</summary>
    public required int MaxAgeSeconds { get; init; }
}
