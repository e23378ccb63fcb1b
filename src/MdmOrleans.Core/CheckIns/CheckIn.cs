using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.CheckIns;

/// <summary>One check-in, read and valid.</summary>
[GenerateSerializer, Immutable, Alias("mdm.CheckIn")]
public sealed record CheckIn
{
    [Id(0)]
    public required Posture Posture { get; init; }

    /// <summary>Id of this boot of the agent. Without it, or without <see cref="Seq"/>, no check-in is a duplicate.</summary>
    [Id(1)]
    public string? Boot { get; init; }

    [Id(2)]
    public long? Seq { get; init; }

    /// <summary>The device's own clock: kept, never used to judge.</summary>
    [Id(3)]
    public DateTimeOffset? At { get; init; }

    /// <summary>The connection that brought it; its twin refuses what a superseded one still says.</summary>
    [Id(4)]
    public SessionEpoch? Session { get; init; }

    /// <summary>The enrollment epoch that its credential belongs to; one of an older enrollment than the twin's changes nothing.</summary>
    [Id(5)]
    public int? Epoch { get; init; }
}

/// <summary>When a device was last heard of. Kept in memory and flushed within five seconds; a change of it alone is no change of the twin.</summary>
[GenerateSerializer, Immutable, Alias("mdm.LastSeen")]
public sealed record LastSeen
{
    /// <summary>Anything it sent.</summary>
    [Id(0)]
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>The last accepted check-in; null before the first.</summary>
    [Id(1)]
    public DateTimeOffset? CheckInAt { get; init; }

    [Id(2)]
    public string? Boot { get; init; }

    [Id(3)]
    public long? Seq { get; init; }

    /// <summary>The device's own clock at the last check-in that carried it.</summary>
    [Id(4)]
    public DateTimeOffset? DeviceClock { get; init; }

    /// <summary>It was heard of, which is no check-in.</summary>
    public static LastSeen At(LastSeen? before, DateTimeOffset now) =>
        before is null ? new LastSeen { SeenAt = now } : before with { SeenAt = now };

    /// <summary>Within one boot, a <c>seq</c> not above the highest seen is a duplicate.</summary>
    public bool IsDuplicate(CheckIn checkIn) =>
        checkIn.Boot is not null && checkIn.Seq is { } seq && checkIn.Boot == Boot && seq <= Seq;

    /// <summary>The later of what two stores remember; either may be missing.</summary>
    /// <remarks>Within one millisecond the one that knows of more check-ins: a device may connect and check in that fast.</remarks>
    public static LastSeen? Later(LastSeen? left, LastSeen? right) =>
        left is null || (right is not null && right.Order.CompareTo(left.Order) > 0) ? right : left;

    // The databases compare by the same members.
    private (DateTimeOffset SeenAt, DateTimeOffset CheckInAt, long Seq) Order => (SeenAt, CheckInAt ?? DateTimeOffset.MinValue, Seq ?? -1);
}
