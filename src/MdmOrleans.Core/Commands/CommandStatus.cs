namespace MdmOrleans.Core.Commands;

/// <summary>Where a command is in its life.</summary>
[GenerateSerializer, Alias("mdm.CommandStatus")]
public enum CommandStatus
{
    OnHold,
    Queued,

    /// <summary>The device's PUBACK came.</summary>
    Sent,

    /// <summary>The device asked to be asked later.</summary>
    NotNow,
    Received,
    Executing,
    Succeeded,
    Failed,
    Rejected,
    RejectedByGuard,
    Canceled,

    /// <summary>A late report says that it ran all the same.</summary>
    CanceledButExecuted,
    Superseded,
    Expired,
}

public static class CommandStatuses
{
    /// <summary>True when nothing but a late report can follow.</summary>
    public static bool IsFinal(this CommandStatus status) => status >= CommandStatus.Succeeded;
}
