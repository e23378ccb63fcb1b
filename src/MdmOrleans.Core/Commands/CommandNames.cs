using System.Diagnostics;

namespace MdmOrleans.Core.Commands;

/// <summary>How kinds and states of commands are spelled outside.</summary>
public static class CommandNames
{
    public static string ToWire(this CommandKind kind) => kind switch
    {
        CommandKind.Lock => "lock",
        CommandKind.Wipe => "wipe",
        CommandKind.Retire => "retire",
        CommandKind.Restart => "restart",
        CommandKind.Rename => "rename",
        CommandKind.Locate => "locate",
        CommandKind.LostModeOn => "lostModeOn",
        CommandKind.LostModeOff => "lostModeOff",
        CommandKind.ClearPasscode => "clearPasscode",
        CommandKind.InstallApp => "installApp",
        CommandKind.RemoveApp => "removeApp",
        CommandKind.ApplyConfiguration => "applyConfiguration",
        CommandKind.RotateCertificate => "rotateCertificate",
        CommandKind.CollectInventory => "collectInventory",
        CommandKind.CheckInNow => "checkInNow",
        CommandKind.UpdateOs => "updateOs",
        CommandKind.Message => "message",
        CommandKind.Custom => "custom",
        _ => throw new UnreachableException($"No wire name for {kind}"),
    };

    public static CommandKind? ToCommandKind(ReadOnlySpan<char> text) => text switch
    {
        "lock" => CommandKind.Lock,
        "wipe" => CommandKind.Wipe,
        "retire" => CommandKind.Retire,
        "restart" => CommandKind.Restart,
        "rename" => CommandKind.Rename,
        "locate" => CommandKind.Locate,
        "lostModeOn" => CommandKind.LostModeOn,
        "lostModeOff" => CommandKind.LostModeOff,
        "clearPasscode" => CommandKind.ClearPasscode,
        "installApp" => CommandKind.InstallApp,
        "removeApp" => CommandKind.RemoveApp,
        "applyConfiguration" => CommandKind.ApplyConfiguration,
        "rotateCertificate" => CommandKind.RotateCertificate,
        "collectInventory" => CommandKind.CollectInventory,
        "checkInNow" => CommandKind.CheckInNow,
        "updateOs" => CommandKind.UpdateOs,
        "message" => CommandKind.Message,
        "custom" => CommandKind.Custom,
        _ => null,
    };

    public static string ToWire(this CommandStatus status) => status switch
    {
        CommandStatus.OnHold => "onHold",
        CommandStatus.Queued => "queued",
        CommandStatus.Sent => "sent",
        CommandStatus.NotNow => "notNow",
        CommandStatus.Received => "received",
        CommandStatus.Executing => "executing",
        CommandStatus.Succeeded => "succeeded",
        CommandStatus.Failed => "failed",
        CommandStatus.Rejected => "rejected",
        CommandStatus.RejectedByGuard => "rejectedByGuard",
        CommandStatus.Canceled => "canceled",
        CommandStatus.CanceledButExecuted => "canceledButExecuted",
        CommandStatus.Superseded => "superseded",
        CommandStatus.Expired => "expired",
        _ => throw new UnreachableException($"No wire name for {status}"),
    };

    public static CommandStatus? ToCommandStatus(ReadOnlySpan<char> text)
    {
        foreach (var status in Enum.GetValues<CommandStatus>())
        {
            if (text.SequenceEqual(status.ToWire()))
            {
                return status;
            }
        }

        return null;
    }

    /// <summary>The states that a device may report; null for every other word.</summary>
    public static CommandStatus? ToReportedStatus(ReadOnlySpan<char> text) => text switch
    {
        "received" => CommandStatus.Received,
        "executing" => CommandStatus.Executing,
        "succeeded" => CommandStatus.Succeeded,
        "failed" => CommandStatus.Failed,
        "rejected" => CommandStatus.Rejected,
        "notNow" => CommandStatus.NotNow,
        _ => null,
    };
}
