using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Operations;

/// <summary>One device of an operation.</summary>
[GenerateSerializer, Immutable, Alias("mdm.OperationDevice")]
public sealed record OperationDevice
{
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Null until it has been asked.</summary>
    [Id(1)]
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>Null where it did not get one.</summary>
    [Id(2)]
    public Guid? Command { get; init; }

    /// <summary>Null where it has no command.</summary>
    [Id(3)]
    public CommandStatus? Status { get; init; }

    /// <summary>Somebody else had asked for the same: it is not ours to cancel.</summary>
    [Id(4)]
    public bool IsShared { get; init; }

    /// <summary>The code of the problem for which it got no command.</summary>
    [Id(5)]
    public string? Refusal { get; init; }

    [Id(6)]
    public bool IsNewlyNoncompliant { get; init; }

    /// <summary>How often it did not answer.</summary>
    [Id(7)]
    public int Tries { get; init; }

    /// <summary>It is not tried again before this instant; null: at once.</summary>
    [Id(8)]
    public DateTimeOffset? NotBefore { get; init; }

    public bool IsAsked => AskedAt is not null;

    public bool IsFinal => Refusal is not null || Status?.IsFinal() == true;

    public bool HasFailed => IsNewlyNoncompliant || Refusal == OperationDeviceRules.Unreachable || Status is CommandStatus.Failed or CommandStatus.Rejected;

    /// <summary>Its command can still be taken back before it was sent.</summary>
    public bool IsWithdrawable =>
        Status is CommandStatus.OnHold or CommandStatus.Queued && !IsShared && Tries < OperationDeviceRules.MaxTries;
}
