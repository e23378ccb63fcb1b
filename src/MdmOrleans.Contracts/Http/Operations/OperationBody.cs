using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Operations;

/// <summary>One command for a part of a fleet, and how far it has come.</summary>
public sealed record OperationBody
{
    public required Guid Id { get; init; }

    /// <summary>Grows with every step; it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    /// <summary><c>stopped</c>: by itself, until somebody resumes it. <c>canceling</c>: what was not sent is being taken back.</summary>
    [AllowedValues("planning", "running", "paused", "stopped", "canceling", "canceled", "completed")]
    public required string Status { get; init; }

    public required string Kind { get; init; }

    /// <summary>An object, as it was asked for.</summary>
    public required RawJson Parameters { get; init; }

    public required DeviceFilterBody Filter { get; init; }

    /// <summary>Who asked, e.g. <c>key:admin</c>.</summary>
    public required string RequestedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int RatePerSecond { get; init; }

    /// <summary>Null: it never stops by itself.</summary>
    public required double? MaxFailurePercent { get; init; }

    public required IReadOnlyList<OperationWaveBody> Waves { get; init; }

    /// <summary>Null until the devices are counted.</summary>
    public required int? Devices { get; init; }

    /// <summary>Devices that have been asked, by what became of it: the status of their command, or <c>refused</c>.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    /// <summary>Devices that got no command, by the code of the problem; <c>unreachable</c>: their twin did not answer.</summary>
    public required IReadOnlyDictionary<string, int> Refusals { get; init; }

    /// <summary>Devices that failed, rejected, were unreachable, or became noncompliant: each once.</summary>
    public required int Failures { get; init; }

    /// <summary>Devices that were not noncompliant when they were asked, and are now.</summary>
    public required int NewlyNoncompliant { get; init; }

    /// <summary>When this was counted: a second or two ago while it is under way.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What was done to it, and what it did by itself; oldest first, at most the newest 50.</summary>
    public required IReadOnlyList<OperationStepBody> Steps { get; init; }
}

/// <summary>A part of the fleet that is reached before the rest.</summary>
/// <param name="Percent">With the waves before it.</param>
/// <param name="Devices">With those of the waves before it; null until they are counted.</param>
public sealed record OperationWaveBody(int Percent, int? Devices, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>Something that was done to an operation, or that it did by itself.</summary>
/// <param name="Step">started, paused, resumed, adjusted, stopped, canceled or completed.</param>
/// <param name="Actor">E.g. <c>key:admin</c>; <c>rule:waves</c> is the operation itself.</param>
public sealed record OperationStepBody(
    DateTimeOffset At, string Step, string Actor, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

/// <summary>What an operation would reach.</summary>
/// <param name="Platform">Devices of which nobody said what they are count nowhere here.</param>
public sealed record DryRunBody(
    long Devices, IReadOnlyDictionary<string, long> Lifecycle, IReadOnlyDictionary<string, long> Platform, IReadOnlyList<OperationWaveBody> Waves);
