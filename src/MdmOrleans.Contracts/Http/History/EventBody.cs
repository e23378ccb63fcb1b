using MdmOrleans.Contracts.Compliance;

namespace MdmOrleans.Contracts.Http.History;

/// <summary>One entry of a device's history.</summary>
public record EventBody
{
    /// <summary>1, 2, 3 … for each device, without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>When it took effect, e.g. the end of the grace.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>E.g. <c>lifecycleChanged</c>. More kinds may come.</summary>
    public required string Kind { get; init; }

    /// <summary>Who: <c>key:{name}</c>, <c>device</c>, <c>rule:{name}</c>.</summary>
    public required string Actor { get; init; }

    public required string? Reason { get; init; }

    public required string? From { get; init; }

    public required string? To { get; init; }

    /// <summary>The policy under which it happened.</summary>
    public required PolicyReference? Policy { get; init; }

    public required int Epoch { get; init; }

    /// <summary>An object; its members depend on the kind.</summary>
    public required RawJson Detail { get; init; }

    /// <summary>SHA-256, in lower-case hexadecimal, over the hash of the event before it and all of the above.</summary>
    public required string Hash { get; init; }

    /// <summary>2: <c>hash</c> covers the device too. 1: an event from before, whose hash does not.</summary>
    public required int HashVersion { get; init; }
}
