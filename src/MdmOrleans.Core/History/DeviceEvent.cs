using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.History;

/// <summary>One numbered, hashed entry of a device's history.</summary>
[GenerateSerializer, Immutable, Alias("mdm.DeviceEvent")]
public sealed record DeviceEvent
{
    /// <summary>1, 2, 3 … for each device, without gaps.</summary>
    [Id(0)]
    public required long Number { get; init; }

    /// <summary>When it took effect, e.g. the end of the grace.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>When it was decided and stored. Never earlier than that of the event before it.</summary>
    [Id(2)]
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>One of <see cref="EventKinds"/>.</summary>
    [Id(3)]
    public required string Kind { get; init; }

    /// <summary>Who: <c>key:{name}</c>, <c>device</c>, <c>rule:{name}</c>.</summary>
    [Id(4)]
    public required string Actor { get; init; }

    [Id(5)]
    public string? Reason { get; init; }

    [Id(6)]
    public string? From { get; init; }

    [Id(7)]
    public string? To { get; init; }

    [Id(8)]
    public PolicyVersion? Policy { get; init; }

    /// <summary>The enrollment epoch in which it happened.</summary>
    [Id(9)]
    public required int Epoch { get; init; }

    /// <summary>A JSON object.</summary>
    [Id(10)]
    public required Utf8Block Detail { get; init; }

    /// <summary>SHA-256 over the hash of the event before it and everything above: see <see cref="EventChain"/>.</summary>
    [Id(11)]
    public required ReadOnlyMemory<byte> Hash { get; init; }

    /// <summary>What <see cref="Hash"/> covers. Stored events without a version are of version 1.</summary>
    [Id(12)]
    public int HashVersion { get => field == 0 ? EventChain.WithoutDevice : field; init; } = EventChain.WithoutDevice;
}
