using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance;

/// <summary>Where a device stands on the ladder of its policy; there is none outside of an episode.</summary>
[GenerateSerializer, Immutable, Alias("mdm.LadderState")]
public sealed record LadderState
{
    public static LadderState Start { get; } = new();

    /// <summary>The keys of the steps taken in this episode, in the order in which they were, under whichever version.</summary>
    [Id(0)]
    public ImmutableArray<string> Taken { get; init; } = [];

    /// <summary>The instant of the next step; null when none is left.</summary>
    [Id(1)]
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>A step that was taken, and that the policy in force still has, keeps the device quarantined.</summary>
    [Id(2)]
    public bool Quarantines { get; init; }

    /// <summary>As <see cref="Quarantines"/>: keeps it from any access.</summary>
    [Id(3)]
    public bool Blocks { get; init; }

    /// <summary>When it came onto the list of devices to be retired; null when it is not on it, or when a human took it off.</summary>
    [Id(4)]
    public DateTimeOffset? NominatedAt { get; init; }

    public bool Equals(LadderState? other) =>
        ReferenceEquals(this, other) || (other is not null
        && NextAt == other.NextAt
        && Quarantines == other.Quarantines
        && Blocks == other.Blocks
        && NominatedAt == other.NominatedAt
        && Taken.AsSpan().SequenceEqual(other.Taken.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(NextAt, Quarantines, Blocks, NominatedAt, Taken.Length);
}
