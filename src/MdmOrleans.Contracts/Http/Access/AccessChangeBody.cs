using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Access;

namespace MdmOrleans.Contracts.Http.Access;

/// <summary>A device may more, or less, than before.</summary>
public sealed record AccessChangeBody
{
    public required string Device { get; init; }

    [AllowedValues(AccessNames.Allow, AccessNames.Quarantine, AccessNames.Block)]
    public required string Access { get; init; }

    /// <summary>The tenant's quarantine zone, where access is <c>quarantine</c> and the tenant has one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Zone { get; init; }

    /// <summary>A stable word, e.g. <c>compliant</c>, <c>noncompliant</c>, <c>lost</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>When it took effect.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>What a long poll is answered.</summary>
/// <param name="Items">Empty when nothing changed in time.</param>
/// <param name="Next">Send it as <c>after</c> for what follows.</param>
public sealed record AccessChangesBody(IReadOnlyList<AccessChangeBody> Items, string Next);
