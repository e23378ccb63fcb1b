using System.Diagnostics;
using static MdmOrleans.Core.Commands.CommandCause;
using static MdmOrleans.Core.Commands.CommandStatus;

namespace MdmOrleans.Core.Commands;

/// <summary>What may happen to a command.</summary>
internal enum CommandCause
{
    Approve,

    /// <summary>Approves what asks nothing of the device.</summary>
    ApproveSilently,
    Reject,

    /// <summary>The device's PUBACK for its delivery.</summary>
    Acknowledge,
    ReportReceived,
    ReportExecuting,
    ReportSucceeded,
    ReportFailed,
    ReportRejected,
    ReportNotNow,

    /// <summary>Its time is over; for one that is held, nobody decided in time.</summary>
    TimeOut,
    Cancel,
    Supersede,
}

/// <summary>What a cause does to a command.</summary>
internal enum CommandEffect
{
    /// <summary>It goes on to another state.</summary>
    Move,

    /// <summary>It was so already, or it is no matter any more: success, no change and no event.</summary>
    Nothing,

    /// <summary>An event, and success; the state stays.</summary>
    Record,

    /// <summary>As <see cref="Record"/>, but the device says that it ran: for a wipe that counts all the same.</summary>
    RecordAsRun,

    /// <summary>An error to whoever asked; nothing changes.</summary>
    Refuse,
}

/// <summary>The life of a command, as one table.</summary>
internal static class CommandTransitions
{
    /// <param name="Status">Where it is afterwards.</param>
    public readonly record struct Step(CommandEffect Effect, CommandStatus Status);

    public static Step Of(CommandStatus from, CommandCause cause) => (from, cause) switch
    {
        (OnHold, Approve) => To(Queued),
        (OnHold, ApproveSilently) => To(Succeeded),
        (OnHold, Reject or TimeOut) => To(RejectedByGuard),
        (_, Approve or ApproveSilently or Reject) => new(CommandEffect.Refuse, from),

        (Queued or NotNow, Acknowledge) => To(Sent),
        (_, Acknowledge) => new(CommandEffect.Nothing, from),

        (Queued or Sent or NotNow or Received or Executing, ReportNotNow) => To(NotNow),
        (Queued or Sent or NotNow, ReportReceived) => To(Received),
        (Queued or Sent or NotNow or Received, ReportExecuting) => To(Executing),
        (Queued or Sent or NotNow or Received or Executing, ReportSucceeded) => To(Succeeded),
        (Queued or Sent or NotNow or Received or Executing, ReportFailed) => To(Failed),
        (Queued or Sent or NotNow or Received or Executing, ReportRejected) => To(Rejected),
        (Received, ReportReceived) or (Executing, ReportExecuting) => new(CommandEffect.Nothing, from),
        (Succeeded, ReportSucceeded) or (Failed, ReportFailed) or (Rejected, ReportRejected) => new(CommandEffect.Nothing, from),
        (Canceled, ReportExecuting or ReportSucceeded) => To(CanceledButExecuted),
        (Expired or Superseded, ReportSucceeded) => new(CommandEffect.RecordAsRun, from),
        (_, >= ReportReceived and <= ReportNotNow) => new(CommandEffect.Record, from),

        (Queued or Sent or NotNow or Received or Executing, TimeOut) => To(Expired),
        (OnHold or Queued or Sent or NotNow or Received or Executing, Cancel) => To(Canceled),
        (OnHold or Queued or Sent or NotNow or Received or Executing, Supersede) => To(Superseded),
        (_, Cancel) => new(CommandEffect.Refuse, from),
        (_, TimeOut or Supersede) => new(CommandEffect.Nothing, from),
        _ => throw new UnreachableException($"Nobody said what {cause} does to a command that is {from}"),
    };

    /// <summary>The cause that a report is.</summary>
    /// <param name="reported">One of the states that a device may report.</param>
    public static CommandCause CauseOf(CommandStatus reported) => reported switch
    {
        Received => ReportReceived,
        Executing => ReportExecuting,
        Succeeded => ReportSucceeded,
        Failed => ReportFailed,
        Rejected => ReportRejected,
        NotNow => ReportNotNow,
        _ => throw new ArgumentOutOfRangeException(nameof(reported), reported, "No device reports this."),
    };

    private static Step To(CommandStatus status) => new(CommandEffect.Move, status);
}
