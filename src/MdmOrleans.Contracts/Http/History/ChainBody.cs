using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Http.Audit;

namespace MdmOrleans.Contracts.Http.History;

/// <summary>Whether a history is as it was written.</summary>
public sealed record ChainBody
{
    /// <summary>True when no event and no anchor says otherwise; an anchor that was sealed with another key says nothing.</summary>
    public required bool Intact { get; init; }

    /// <summary>How many events were proved.</summary>
    public required long Events { get; init; }

    /// <summary>Where the chain begins, when its oldest part was pruned: the last event before it.</summary>
    public required ChainLink? Anchor { get; init; }

    /// <summary>The last event that is as it was written; null when none is.</summary>
    public required ChainLink? Last { get; init; }

    /// <summary>The number of the first event that is not there or not as it was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BrokenAt { get; init; }

    [AllowedValues(ChainFaultNames.Altered, ChainFaultNames.Missing, ChainFaultNames.Truncated, ChainFaultNames.Predecessor)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fault { get; init; }

    /// <summary>The deleted device that had this name before; null when there was none.</summary>
    public required PredecessorBody? Predecessor { get; init; }

    /// <summary>Whether the histories of this device and of the others of its shard end as they did when they were last anchored.</summary>
    public required AnchorsBody Anchors { get; init; }
}

/// <param name="Hash">SHA-256, in lower-case hexadecimal.</param>
public sealed record ChainLink(long Number, string Hash);

/// <summary>Values of <see cref="ChainBody.Fault"/>.</summary>
public static class ChainFaultNames
{
    /// <summary>An event was changed.</summary>
    public const string Altered = "altered";

    /// <summary>An event between two others is not there.</summary>
    public const string Missing = "missing";

    /// <summary>The last events are not there.</summary>
    public const string Truncated = "truncated";

    /// <summary>The first event does not name the deleted device that had this name before, or names one that was not deleted.</summary>
    public const string Predecessor = "predecessor";
}
