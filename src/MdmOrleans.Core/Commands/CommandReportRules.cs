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

        // What another enrollment of the device has to say is never applied, and neither is what is said of its commands.
        var (effect, status) = report.Epoch < device.Epoch || command.Epoch < device.Epoch
            ? new CommandTransitions.Step(CommandEffect.Record, command.Status)
            : CommandTransitions.Of(command.Status, CommandTransitions.CauseOf(report.Status));
        if (effect == CommandEffect.Nothing || (command.Status == CommandStatus.NotNow && status == CommandStatus.NotNow && now < command.NotBefore))
        {
            DeadlineRules.Rearm(turn); // the same message again, but what was overdue has ended
            return turn.Decide();
        }

        if (effect != CommandEffect.Move)
        {
            turn.Record(EventKinds.LateCommandReport, now, Actors.Device, detail: CommandDetail.Of(command, report));
            if (effect == CommandEffect.RecordAsRun && command.Kind == CommandKind.Wipe)
            {
                Wiped(turn); // it has erased the device like any other
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
