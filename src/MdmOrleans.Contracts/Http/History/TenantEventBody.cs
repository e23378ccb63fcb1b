using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.History;

/// <summary>One entry of the history of a tenant's devices.</summary>
public sealed record TenantEventBody : EventBody
{
    /// <summary>Whose history it is.</summary>
    [JsonPropertyOrder(-1)]
    public required string Device { get; init; }

    /// <summary>Send it as <c>after</c> to go on behind this event, now or at any later time.</summary>
    [JsonPropertyOrder(1)]
    public required string Cursor { get; init; }
}
