using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Commands;

/// <summary>What a person says to a command that waits for one.</summary>
public static class HoldRules
{
    /// <summary>How long a hold waits to be decided; then it is rejected.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromDays(30);

    /// <summary>How many of the pending commands wait for a person.</summary>
    public static int Count(CommandQueue queue)
    {
        var count = 0;
        foreach (var command in queue.Pending)
        {
            count += command.Status == CommandStatus.OnHold ? 1 : 0;
        }

        return count;
    }

    /// <summary>The command that is held; or why it cannot be decided.</summary>
    public static Outcome<DeviceCommand> Find(Device device, Guid id, DateTimeOffset now) => CommandMoves.Find(device.Commands, id) switch
    {
        null => ProblemCatalog.HoldNotFound,
        var held when CommandTransitions.Of(held.Status, CommandCause.Approve).Effect == CommandEffect.Refuse => ProblemCatalog.HoldSettled,
        var held when held.ExpiresAt <= now => ProblemCatalog.HoldSettled,
        var held => held,
    };

    /// <summary>Lets the command go. Its life starts now; a retirement takes place now.</summary>
    /// <param name="actor">A second person, as <see cref="Identity.SecondPersonRules"/> has it.</param>
    /// <param name="note">For the history.</param>
    /// <param name="earliest">How long after it was asked for it may go at the earliest, as the tenant's governor says.</param>
    public static Decision Approve(Device device, Guid id, string actor, TimeSpan earliest, DateTimeOffset now, string? note = null)
    {
        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        var found = Find(turn.Device, id, now);
        if (found.Value is not { } held)
        {
            return Decision.Refuse(device, found.Problem!); // exactly one of the two is set
        }

        if (now < held.CreatedAt + earliest)
        {
            return Decision.Refuse(device, ProblemCatalog.HoldTooEarly);
        }

        if (held.Kind == CommandKind.Wipe)
        {
            CommandMoves.Supersede(turn, held.Id, actor);
        }

        // A retirement that asks nothing of the device has nothing to deliver.
        var cause = held.Purpose == CommandPurpose.SilentRetirement ? CommandCause.ApproveSilently : CommandCause.Approve;
        CommandMoves.Apply(turn, held, held with { ExpiresAt = CommandMoves.EndOf(held.Life, now) }, cause, now, actor, "approved", note);
        if (held.Retires)
        {
            RetirementRules.Complete(turn, actor, "approved");
        }

        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>Ends the command without it ever having gone. Anybody with the right may, whoever asked for it.</summary>
    public static Decision Reject(Device device, Guid id, string actor, DateTimeOffset now, string? note = null)
    {
        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        var found = Find(turn.Device, id, now);
        if (found.Value is not { } held)
        {
            return Decision.Refuse(device, found.Problem!); // exactly one of the two is set
        }

        CommandMoves.Apply(turn, held, held with { Code = "rejected" }, CommandCause.Reject, now, actor, "rejected", note);
        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }
}
