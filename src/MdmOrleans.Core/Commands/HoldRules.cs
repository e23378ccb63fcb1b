using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Commands;

/// <summary>What a person says to a command that waits for one.</summary>
public static class HoldRules
{
    /// <summary>How long a hold waits to be decided; then it is rejected.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromDays(30);

    /// <summary>A younger key decides nothing: whoever stole a key could have made it.</summary>
    public static TimeSpan MinimumKeyAge { get; } = TimeSpan.FromHours(24);

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

    /// <summary>Lets the command go. Its life starts now; a retirement takes place now.</summary>
    /// <param name="earliest">How long after it was asked for it may go at the earliest, as the tenant's governor says.</param>
    public static Decision Approve(Device device, Guid id, AccessKey key, TimeSpan earliest, DateTimeOffset now)
    {
        if (Find(device, id, key, now, out var held) is { } refusal)
        {
            return Decision.Refuse(device, refusal);
        }

        if (now < held!.CreatedAt + earliest)
        {
            return Decision.Refuse(device, ProblemCatalog.HoldTooEarly);
        }

        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        var actor = Actors.Key(key.Name);
        if (held.Kind == CommandKind.Wipe)
        {
            CommandMoves.Supersede(turn, held.Id, actor);
        }

        // A retirement that asks nothing of the device has nothing to deliver.
        var cause = held.Purpose == CommandPurpose.SilentRetirement ? CommandCause.ApproveSilently : CommandCause.Approve;
        CommandMoves.Apply(turn, held, held with { ExpiresAt = CommandMoves.EndOf(held.Life, now) }, cause, now, actor, "approved");
        if (held.Retires)
        {
            RetirementRules.Complete(turn, actor, "approved");
        }

        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>Ends the command without it ever having gone.</summary>
    public static Decision Reject(Device device, Guid id, AccessKey key, DateTimeOffset now)
    {
        if (Find(device, id, key, now, out var held) is { } refusal)
        {
            return Decision.Refuse(device, refusal);
        }

        var turn = new DeviceTurn(device, now);
        var rejected = held! with { Code = "rejected" }; // there is one where it was not refused
        CommandMoves.Apply(turn, held, rejected, CommandCause.Reject, now, Actors.Key(key.Name), "rejected");
        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>Nobody decides their own, and no key in its first day.</summary>
    /// <returns>Null: it may.</returns>
    public static Problem? MayDecide(string requestedBy, AccessKey key, DateTimeOffset now) =>
        requestedBy == Actors.Key(key.Name) ? ProblemCatalog.HoldOwn
        : now - key.CreatedAt < MinimumKeyAge ? ProblemCatalog.HoldKeyTooYoung
        : null;

    private static Problem? Find(Device device, Guid id, AccessKey key, DateTimeOffset now, out DeviceCommand? held)
    {
        held = CommandMoves.Find(device.Commands, id);
        return held switch
        {
            null => ProblemCatalog.HoldNotFound,
            _ when CommandTransitions.Of(held.Status, CommandCause.Approve).Effect == CommandEffect.Refuse => ProblemCatalog.HoldSettled,
            _ when held.ExpiresAt <= now => ProblemCatalog.HoldSettled,
            _ => MayDecide(held.RequestedBy, key, now),
        };
    }
}
