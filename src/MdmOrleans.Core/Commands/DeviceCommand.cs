namespace MdmOrleans.Core.Commands;

/// <summary>Why a command was made, where the rules have to know.</summary>
[GenerateSerializer, Alias("mdm.CommandPurpose")]
public enum CommandPurpose
{
    /// <summary>Somebody wanted it.</summary>
    Request,

    /// <summary>The device is lost or stolen; being found cancels it.</summary>
    Loss,

    /// <summary>The last thing that is asked of a retired device. Does not expire.</summary>
    Retirement,

    /// <summary>A retirement that asks nothing of the device: it is only ever held, never delivered.</summary>
    SilentRetirement,
}

/// <summary>One command of one device, from the request to its end.</summary>
[GenerateSerializer, Immutable, Alias("mdm.DeviceCommand")]
public sealed record DeviceCommand
{
    /// <summary>Version 7, so that they sort by age.</summary>
    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required CommandKind Kind { get; init; }

    [Id(2)]
    public required CommandStatus Status { get; init; }

    /// <summary>A JSON object of at most 16 KiB, passed on untouched.</summary>
    [Id(3)]
    public required Utf8Block Parameters { get; init; }

    /// <summary>The actor, e.g. <c>key:admin</c>.</summary>
    [Id(4)]
    public required string RequestedBy { get; init; }

    [Id(5)]
    public string? Reason { get; init; }

    [Id(6)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Exclusive: at this instant it is no longer delivered, and while it is held, no longer waited for.
    /// <see cref="DateTimeOffset.MaxValue"/>: it does not expire.
    /// </summary>
    [Id(7)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How often it was acknowledged by the device.</summary>
    [Id(8)]
    public int Attempts { get; init; }

    /// <summary>The enrollment epoch that it belongs to.</summary>
    [Id(9)]
    public required int Epoch { get; init; }

    /// <summary>From the device's report, or why it ended, e.g. <c>noReport</c>.</summary>
    [Id(10)]
    public string? Code { get; init; }

    [Id(11)]
    public string? Detail { get; init; }

    /// <summary>A JSON object, from the device's report.</summary>
    [Id(12)]
    public Utf8Block Result { get; init; }

    [Id(13)]
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The caller's <c>Idempotency-Key</c>; null when there was none.</summary>
    [Id(14)]
    public string? IdempotencyKey { get; init; }

    /// <summary>How long it lives once it may go, counted from its release where it was held; null: it does not expire.</summary>
    [Id(15)]
    public TimeSpan? Life { get; init; }

    /// <summary>Not offered before this instant, because the device asked for time; null: at once.</summary>
    [Id(16)]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>How often the device asked for time.</summary>
    [Id(17)]
    public int Postponed { get; init; }

    /// <summary>What else hangs on it.</summary>
    [Id(18)]
    public CommandPurpose Purpose { get; init; }

    /// <summary>Delivered only while the patch window of the device's policy is open.</summary>
    [Id(19)]
    public bool InPatchWindow { get; init; }

    /// <summary>The window that it waits for, or that is open; null where it waits for none, or the policy has none.</summary>
    [Id(20)]
    public CommandWindow? Window { get; init; }

    /// <summary>The person behind <see cref="RequestedBy"/>, as an actor, where that is not a person: who knew the secret of a webhook.</summary>
    [Id(21)]
    public string? OnBehalfOf { get; init; }

    /// <summary>Whoever counts as having asked for it, when a second person is needed.</summary>
    public string AskedBy => OnBehalfOf ?? RequestedBy;

    /// <summary>Not offered before this instant; null: nothing holds it back.</summary>
    public DateTimeOffset? DeliverableFrom => !IsPending ? null
        : Window?.OpensAt is { } opens && !(opens < NotBefore) ? opens
        : NotBefore;

    /// <summary>It is what retirement asks of the device: when it is released, the device is retired.</summary>
    public bool Retires => Purpose is CommandPurpose.Retirement or CommandPurpose.SilentRetirement;

    public bool IsPending => !Status.IsFinal();
}
