using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Http.History;

namespace MdmOrleans.Contracts.Http.Audit;

/// <summary>Whether an audit trail is as it was written.</summary>
public sealed record AuditChainBody
{
    /// <summary>True when no record and no anchor says otherwise; an anchor that was sealed with another key says nothing.</summary>
    public required bool Intact { get; init; }

    /// <summary>How many records were proved.</summary>
    public required long Records { get; init; }

    /// <summary>The last record that is as it was written; null when none is.</summary>
    public required ChainLink? Last { get; init; }

    /// <summary>The number of the first record that is not there or not as it was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BrokenAt { get; init; }

    [AllowedValues(ChainFaultNames.Altered, ChainFaultNames.Missing, ChainFaultNames.Truncated)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fault { get; init; }

    public required AnchorsBody Anchors { get; init; }
}

/// <summary>What the daily anchors prove: seals over the ends of all chains, made with a key that is not in the database.</summary>
public sealed record AnchorsBody
{
    /// <summary>How many were compared.</summary>
    public required int Checked { get; init; }

    /// <summary>The newest one: what was recorded before this instant is anchored. Null before the first day is over.</summary>
    public required DateTimeOffset? Newest { get; init; }

    /// <summary>The anchors that do not match, newest first.</summary>
    public required IReadOnlyList<AnchorFaultBody> Faults { get; init; }
}

/// <param name="At">Which anchor.</param>
public sealed record AnchorFaultBody(
    DateTimeOffset At,
    [property: AllowedValues(
        AnchorFaultNames.OtherKey, AnchorFaultNames.Altered, AnchorFaultNames.Missing, AnchorFaultNames.AuditRewritten, AnchorFaultNames.HistoryRewritten)]
    string Fault);

/// <summary>Values of <see cref="AnchorFaultBody.Fault"/>.</summary>
public static class AnchorFaultNames
{
    /// <summary>The anchor was sealed with another key than this server's.</summary>
    public const string OtherKey = "otherKey";

    /// <summary>The anchor was changed.</summary>
    public const string Altered = "altered";

    /// <summary>The anchor before it is not there.</summary>
    public const string Missing = "missing";

    /// <summary>The audit trail was rewritten or cut off since.</summary>
    public const string AuditRewritten = "auditRewritten";

    /// <summary>A history of a device was rewritten, cut off or taken out since.</summary>
    public const string HistoryRewritten = "historyRewritten";
}
