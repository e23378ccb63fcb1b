using MdmOrleans.Core.Access;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core.Lifecycle;

/// <summary>The end of a device's life here: what it is still asked to do, and that nothing else is.</summary>
public static class RetirementRules
{
    /// <summary>The last command was neither reported nor has it expired: until then a retired device may connect, also to report on it.</summary>
    public static bool IsUnderWay(Device device, DateTimeOffset now)
    {
        foreach (var command in device.Commands.Pending)
        {
            if (command.Retires && now < command.ExpiresAt)
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>The hold, where it waits for a person; null: it took place.</returns>
    internal static DeviceCommand? Retire(DeviceTurn turn, TransitionRequest request, Guid id, RetirementAction action, Judgement judgement)
    {
        var word = request.Reason == TransitionReason.Disposed ? "disposed" : "operator";
        var command = new CommandRequest
        {
            Kind = action == RetirementAction.Wipe ? CommandKind.Wipe : CommandKind.Retire,
            Parameters = Utf8Block.FromText("{}"),
            Actor = request.Actor,
            OnBehalfOf = request.OnBehalfOf,
            Reason = word,
            Purpose = action == RetirementAction.None ? CommandPurpose.SilentRetirement : CommandPurpose.Retirement,
        };
        if (judgement.HeldBecause(id) is not null)
        {
            return CommandRules.Add(turn, command, id, judgement, turn.Now);
        }

        Complete(turn, request.Actor, word, request.Note);
        if (action != RetirementAction.None)
        {
            CommandRules.Add(turn, command, id, judgement, turn.Now);
        }

        return null;
    }

    /// <summary>Final. Whatever else was asked of the device is canceled.</summary>
    internal static void Complete(DeviceTurn turn, string actor, string reason, string? note = null)
    {
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (!command.Retires)
            {
                CommandMoves.Apply(turn, command, CommandCause.Cancel, turn.Now, actor, "retired");
            }
        }

        var before = turn.Device.Lifecycle;
        turn.Store(turn.Device with { Lifecycle = LifecycleState.Retired });
        var detail = LifecycleRules.DetailOf(turn.Device.QuarantineReasons, note);
        turn.Record(EventKinds.LifecycleChanged, turn.Now, actor, reason, before.ToWire(), LifecycleState.Retired.ToWire(), detail);
        AccessRules.Apply(turn, turn.Now, actor);
    }
}
