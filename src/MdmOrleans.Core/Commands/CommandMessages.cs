using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Commands;

/// <summary>A request to queue a command; already valid.</summary>
[GenerateSerializer, Immutable, Alias("mdm.CommandRequest")]
public sealed record CommandRequest : IActed
{
    [Id(0)]
    public required CommandKind Kind { get; init; }

    /// <summary>A JSON object of at most 16 KiB.</summary>
    [Id(1)]
    public required Utf8Block Parameters { get; init; }

    /// <summary>1 second to 365 days; null: the kind's own.</summary>
    [Id(2)]
    public TimeSpan? ExpiresIn { get; init; }

    [Id(3)]
    public string? IdempotencyKey { get; init; }

    [Id(4)]
    public required string Actor { get; init; }

    [Id(5)]
    public string? Reason { get; init; }

    [Id(6)]
    public CommandPurpose Purpose { get; init; }

    /// <summary>Delivered only while the patch window of the device's policy is open; <c>updateOs</c> always is.</summary>
    [Id(7)]
    public bool InPatchWindow { get; init; }

    /// <summary>The person behind <see cref="Actor"/>, as an actor; null: the actor is that person.</summary>
    [Id(8)]
    public string? OnBehalfOf { get; init; }

    object IActed.ActedBy(string actor) => this with { Actor = actor, OnBehalfOf = null, Purpose = CommandPurpose.Request };
}

/// <summary>A queued command, and whether it was there already.</summary>
[GenerateSerializer, Immutable, Alias("mdm.CommandReceipt")]
public sealed record CommandReceipt([property: Id(0)] DeviceCommand Command, [property: Id(1)] bool WasThere);

/// <summary>What the device says became of a command.</summary>
[GenerateSerializer, Immutable, Alias("mdm.CommandReport")]
public sealed record CommandReport
{
    [Id(0)]
    public required Guid Id { get; init; }

    /// <summary>Received, executing, succeeded, failed, rejected or notNow; nothing else.</summary>
    [Id(1)]
    public required CommandStatus Status { get; init; }

    /// <summary>At most 128 characters.</summary>
    [Id(2)]
    public string? Code { get; init; }

    /// <summary>At most 4,096 characters.</summary>
    [Id(3)]
    public string? Detail { get; init; }

    /// <summary>A JSON object of at most 16 KiB.</summary>
    [Id(4)]
    public Utf8Block Result { get; init; }

    [Id(5)]
    public SessionEpoch? Session { get; init; }

    /// <summary>The enrollment epoch that the device's credential belongs to; of an older enrollment than the twin's it is recorded and never applied.</summary>
    [Id(6)]
    public int? Epoch { get; init; }
}
