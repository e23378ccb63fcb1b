using MdmOrleans.Core.Access;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Commands;

/// <summary>What a device's report makes of a command.</summary>
public static class CommandReportRules
{
    /// <summary>Reports may skip states, come before the PUBACK of their command, twice, or too late; none of that is an error.</summary>
    public static Decision Apply(Device device, CommandReport report, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        if (CommandMoves.Find(turn.Device.Commands, report.Id) is not { } command)
        {
            return Decision.Refuse(device, ProblemCatalog.CommandNotFound);
        }

        if (command.Status == report.Status)
        {
            return turn.Decide(); // the same message again
        }

        var next = command.Epoch == device.Epoch ? Next(command.Status, report.Status) : null;
        if (next is not { } status)
        {
            turn.Record(EventKinds.LateCommandReport, now, Actors.Device, detail: CommandDetail.Of(command, report));
            if (RanAllTheSame(command, report, device))
            {
                Wiped(turn);
            }

            DeadlineRules.Rearm(turn);
            return turn.Decide();
        }

        var moved = command with
        {
            Status = status,
            Code = report.Code,
            Detail = report.Detail,
            Result = report.Result,
            UpdatedAt = now,
        };
        if (status == CommandStatus.NotNow)
        {
            moved = moved with { Postponed = command.Postponed + 1, NotBefore = now + BackOff(command.Postponed) };
        }

        CommandMoves.Move(turn, command, moved, now, Actors.Device);
        if (moved is { Kind: CommandKind.Wipe, Status: CommandStatus.Succeeded or CommandStatus.CanceledButExecuted })
        {
            Wiped(turn);
        }

        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>The state after a report, as a table; null where it changes nothing any more.</summary>
    internal static CommandStatus? Next(CommandStatus current, CommandStatus reported) => (current, reported) switch
    {
        (CommandStatus.Queued or CommandStatus.Sent, CommandStatus.NotNow) => CommandStatus.NotNow,
        (CommandStatus.Queued or CommandStatus.Sent or CommandStatus.NotNow, CommandStatus.Received) => CommandStatus.Received,
        (CommandStatus.Queued or CommandStatus.Sent or CommandStatus.NotNow or CommandStatus.Received, CommandStatus.Executing) =>
            CommandStatus.Executing,
        (CommandStatus.Received or CommandStatus.Executing, CommandStatus.NotNow) => CommandStatus.NotNow,
        (CommandStatus.Queued or CommandStatus.Sent or CommandStatus.NotNow or CommandStatus.Received or CommandStatus.Executing,
            CommandStatus.Succeeded or CommandStatus.Failed or CommandStatus.Rejected) => reported,
        (CommandStatus.Canceled, CommandStatus.Executing or CommandStatus.Succeeded) => CommandStatus.CanceledButExecuted,
        (CommandStatus.OnHold, _) => null, // it was never offered, whatever the device says
        _ => null,
    };

    // A wipe that nobody waited for any more has erased the device like any other.
    private static bool RanAllTheSame(DeviceCommand command, CommandReport report, Device device) =>
        command is { Kind: CommandKind.Wipe, Status: CommandStatus.Expired or CommandStatus.Superseded }
        && report.Status == CommandStatus.Succeeded
        && command.Epoch == device.Epoch;

    // 1, 2, 4 … minutes, at most an hour: the device knows when it is busy, and nobody else does.
    private static TimeSpan BackOff(int postponed) => TimeSpan.FromMinutes(Math.Min(60, 1 << Math.Min(postponed, 6)));

    // Whatever proves itself with this credential from now on is not the device any more: only enrolling again lifts the reason.
    private static void Wiped(DeviceTurn turn)
    {
        CommandMoves.CancelAll(turn, Actors.Device, "wiped");
        LifecycleRules.SetReasons(turn, turn.Device.QuarantineReasons | QuarantineReasons.Wiped, turn.Now, Actors.Device, "wiped");
        AccessRules.Apply(turn, turn.Now, Actors.Device);
    }
}
