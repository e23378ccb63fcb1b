using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http;

/// <summary>A part of a list, in the list's own order.</summary>
/// <param name="Items">As many as <c>limit</c> asked for, or what was left.</param>
/// <param name="Next">Send it as <c>after</c> for what follows. Absent: this was the end.</param>
public sealed record Page<T>(
    IReadOnlyList<T> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next = null);
