namespace MdmOrleans.Contracts.Http.Commands;

/// <summary>Something that waits for a person: a wipe, a retirement, or a looser governor.</summary>
public sealed record HoldBody
{
    /// <summary>Names it in <c>holds/{hold}/approve</c> and <c>…/reject</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Null where it is about the governor.</summary>
    public required string? Device { get; init; }

    /// <summary>The command that is held; null where it is about the governor.</summary>
    public required Guid? Command { get; init; }

    /// <summary>The command's kind, or <c>governor</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Why it is held.</summary>
    public required string? Reason { get; init; }

    /// <summary>Who asked; nobody decides their own.</summary>
    public required string RequestedBy { get; init; }

    public required DateTimeOffset HeldAt { get; init; }

    /// <summary><c>onHold</c>; once decided what it has become.</summary>
    public required string Status { get; init; }

    /// <summary>When it is settled without anybody's word: a command is then rejected, a governor comes into force.</summary>
    public required DateTimeOffset? SettledAt { get; init; }
}
