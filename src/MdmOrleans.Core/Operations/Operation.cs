using System.Collections.Immutable;

namespace MdmOrleans.Core.Operations;

[GenerateSerializer, Alias("mdm.OperationStatus")]
public enum OperationStatus
{
    Running,
    Paused,

    /// <summary>By itself: a larger share of its devices has failed than may.</summary>
    Stopped,

    /// <summary>What was not sent is being withdrawn.</summary>
    Canceling,
    Canceled,
    Completed,
}

public static class OperationStatuses
{
    /// <summary>True when nothing can follow.</summary>
    public static bool IsSettled(this OperationStatus status) => status is OperationStatus.Canceled or OperationStatus.Completed;
}

/// <summary>A part of the fleet that is reached before the rest.</summary>
/// <param name="Devices">How many devices it reaches, with those of the waves before it; null until they are counted.</param>
[GenerateSerializer, Immutable, Alias("mdm.OperationWave")]
public sealed record OperationWave(
    [property: Id(0)] int Percent,
    [property: Id(1)] int? Devices,
    [property: Id(2)] DateTimeOffset? StartedAt,
    [property: Id(3)] DateTimeOffset? EndedAt);

/// <summary>Something that somebody did to an operation, or that it did by itself.</summary>
/// <param name="Kind">One of <see cref="OperationSteps"/>.</param>
[GenerateSerializer, Immutable, Alias("mdm.OperationStep")]
public sealed record OperationStep(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] string Kind, [property: Id(2)] string Actor, [property: Id(3)] string? Reason);

/// <summary>How steps of operations are spelled. Never renamed.</summary>
public static class OperationSteps
{
    public const string Started = "started";
    public const string Paused = "paused";
    public const string Resumed = "resumed";
    public const string Adjusted = "adjusted";
    public const string Stopped = "stopped";
    public const string Canceled = "canceled";
    public const string Completed = "completed";
}

/// <summary>One request for a part of a fleet, and how far it has come. What each device says is kept in slices beside it.</summary>
[GenerateSerializer, Immutable, Alias("mdm.Operation")]
public sealed record Operation
{
    /// <summary>Devices of a slice: what one row holds.</summary>
    public const int SliceSize = 500;

    [Id(0)]
    public required OperationId Id { get; init; }

    [Id(1)]
    public required OperationRequest Request { get; init; }

    [Id(2)]
    public required DateTimeOffset CreatedAt { get; init; }

    [Id(3)]
    public OperationStatus Status { get; init; }

    /// <summary>The place in the line of the first device of each slice, so that a device is found without a table; default: not planned yet.</summary>
    [Id(4)]
    public ImmutableArray<ulong> Slices { get; init; }

    [Id(5)]
    public required ImmutableArray<OperationWave> Waves { get; init; }

    /// <summary>How many from the head of the line are, or were, to be asked.</summary>
    [Id(6)]
    public int Asked { get; init; }

    /// <summary>When the last of them became one.</summary>
    [Id(7)]
    public DateTimeOffset? AskedAt { get; init; }

    [Id(8)]
    public OperationTally Tally { get; init; } = OperationTally.Empty;

    /// <summary>Failures that a person has seen and gone on after: they count no more.</summary>
    [Id(9)]
    public int Forgiven { get; init; }

    /// <summary>Oldest first; of many, the newest.</summary>
    [Id(10)]
    public ImmutableArray<OperationStep> Steps { get; init; } = [];

    /// <summary>When the tally was taken.</summary>
    [Id(11)]
    public DateTimeOffset AsOf { get; init; }

    /// <summary>Counts the steps, so that a change can name the operation that its author has read. 0 for one that an older server started.</summary>
    [Id(12)]
    public int Version { get; init; }

    public bool IsPlanned => !Slices.IsDefault;

    /// <summary>Devices that the filter found; null until they are counted.</summary>
    public int? Devices => Waves[^1].Devices;

    /// <summary>The index of the wave that is under way, or of the last one.</summary>
    public int Wave => Math.Min(Waves.Count(wave => wave.EndedAt is not null), Waves.Length - 1);
}
