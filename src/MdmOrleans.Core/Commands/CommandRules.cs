using System.Collections.Immutable;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Commands;

/// <summary>What is asked of the queue of one device: to take a command, to cancel one, to say what comes next.</summary>
public static class CommandRules
{
    /// <summary>What can be said of a request before anybody else is asked: a refusal, or the command that it repeats.</summary>
    /// <returns>Both null: it is a new command.</returns>
    public static (Problem? Refusal, CommandReceipt? Known) Look(Device device, CommandRequest request)
    {
        if (device.Lifecycle == LifecycleState.Retired)
        {
            return (ProblemCatalog.DeviceRetired, null);
        }

        if (Repeated(device.Commands, request) is not { } known)
        {
            return (null, null);
        }

        return IsSameRequest(known, request) ? (null, new CommandReceipt(known, true)) : (ProblemCatalog.IdempotencyKeyReused, null);
    }

    /// <summary>Queues a command, or returns the one that it repeats.</summary>
    /// <param name="id">Of the command to be made; version 7.</param>
    /// <param name="judgement">The governor's; a wipe or a retirement without one is held. Ignored for every other kind.</param>
    /// <param name="window">That of the device's policy; matters to what waits for it only.</param>
    public static (Decision Decision, CommandReceipt? Receipt) Enqueue(
        Device device, CommandRequest request, Guid id, DateTimeOffset now, Judgement judgement = default, PatchWindow? window = null)
    {
        var (refusal, known) = Look(device, request);
        if (refusal is not null)
        {
            return (Decision.Refuse(device, refusal), null);
        }

        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        if (known is not null)
        {
            return (Decision.Unchanged(device), known);
        }

        if (Coalesced(turn.Device.Commands, request) is { } twin)
        {
            twin = Adopt(turn, twin, request);
            return (turn.Decide(), new CommandReceipt(twin, true));
        }

        if (!HasRoom(turn.Device.Commands, request.Kind))
        {
            return (Decision.Refuse(device, ProblemCatalog.CommandQueueFull), null);
        }

        var command = Add(turn, request, id, judgement, now);
        if (command.InPatchWindow)
        {
            PatchWindowRules.Adopt(turn, window);
            command = CommandMoves.Find(turn.Device.Commands, id)!; // it was added above
        }

        DeadlineRules.Rearm(turn);
        return (turn.Decide(), new CommandReceipt(command, false));
    }

    /// <summary>Cancels whatever is not final yet.</summary>
    public static Decision Cancel(Device device, Guid id, string actor, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        if (CommandMoves.Find(turn.Device.Commands, id) is not { } command)
        {
            return Decision.Refuse(device, ProblemCatalog.CommandNotFound);
        }

        if (CommandTransitions.Of(command.Status, CommandCause.Cancel).Effect == CommandEffect.Refuse)
        {
            return Decision.Refuse(device, ProblemCatalog.CommandFinal);
        }

        CommandMoves.Apply(turn, command, CommandCause.Cancel, now, actor);
        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>The device acknowledged the delivery.</summary>
    public static Decision MarkSent(Device device, ImmutableArray<Guid> ids, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        foreach (var id in ids)
        {
            if (CommandMoves.Find(turn.Device.Commands, id) is not { } command || now < command.NotBefore)
            {
                continue; // what came after the delivery that it answers counts: the device wants to be asked later
            }

            var (effect, status) = CommandTransitions.Of(command.Status, CommandCause.Acknowledge);
            if (effect == CommandEffect.Move)
            {
                var sent = command with { Status = status, Attempts = command.Attempts + 1, NotBefore = null, UpdatedAt = now };
                CommandMoves.Move(turn, command, sent, now, Actors.Device);
            }
        }

        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>What a device may be offered now, in order: a command that is <c>notNow</c> does not hold up the rest.</summary>
    public static ImmutableArray<DeviceCommand> Offer(Device device, DateTimeOffset now)
    {
        if (device.Commands.Pending.IsEmpty)
        {
            return [];
        }

        var offered = ImmutableArray.CreateBuilder<DeviceCommand>();
        foreach (var command in device.Commands.Pending)
        {
            if (IsOffered(command, now))
            {
                offered.Add(command);
            }
        }

        return offered.DrainToImmutable();
    }

    /// <summary>Whether this one command may be delivered now.</summary>
    public static bool IsOffered(DeviceCommand command, DateTimeOffset now) =>
        command.Status is CommandStatus.Queued or CommandStatus.Sent or CommandStatus.NotNow
        && now < command.ExpiresAt
        && !(now < command.NotBefore)
        && (command.Window is not { } window || (!(now < window.OpensAt) && now < window.ClosesAt));

    /// <summary>Puts a new command where it belongs. A wipe that may go supersedes what it makes pointless.</summary>
    /// <param name="judgement">Without a pass for this very command, a wipe or a retirement is held.</param>
    /// <param name="at">When it was asked for; what a ladder asks for late was asked for at the step's instant.</param>
    internal static DeviceCommand Add(DeviceTurn turn, CommandRequest request, Guid id, Judgement judgement, DateTimeOffset at)
    {
        var heldBecause = request.Kind.IsGoverned() ? judgement.HeldBecause(id) : null;
        TimeSpan? life = request.Purpose is CommandPurpose.Retirement or CommandPurpose.SilentRetirement
            ? null
            : request.ExpiresIn ?? request.Kind.DefaultLife();
        var command = new DeviceCommand
        {
            Id = id,
            Kind = request.Kind,
            Status = heldBecause is null ? CommandStatus.Queued : CommandStatus.OnHold,
            Parameters = request.Parameters,
            RequestedBy = request.Actor,
            OnBehalfOf = request.OnBehalfOf,
            Reason = heldBecause ?? request.Reason,
            CreatedAt = at,
            ExpiresAt = heldBecause is null ? CommandMoves.EndOf(life, at) : at + HoldRules.Patience,
            Epoch = turn.Device.Epoch,
            UpdatedAt = at,
            IdempotencyKey = request.IdempotencyKey,
            Life = life,
            Purpose = request.Purpose,
            InPatchWindow = request.InPatchWindow || request.Kind == CommandKind.UpdateOs,
        };
        if (command is { Kind: CommandKind.Wipe, Status: CommandStatus.Queued })
        {
            CommandMoves.Supersede(turn, command.Id, request.Actor);
        }

        CommandMoves.Insert(turn, command, at);
        if (heldBecause is not null)
        {
            turn.Record(EventKinds.CommandHeld, at, Actors.Governor, heldBecause, detail: CommandDetail.Of(command));
        }

        return command;
    }

    /// <summary>What a rule asks for; an identical one that is pending will do. To be asked only if <see cref="CanTake"/>.</summary>
    internal static void Queue(DeviceTurn turn, CommandRequest request, Guid id, DateTimeOffset at)
    {
        if (Coalesced(turn.Device.Commands, request) is null)
        {
            Add(turn, request, id, default, at);
        }
    }

    internal static bool CanTake(CommandQueue queue, CommandRequest request) => Coalesced(queue, request) is not null || HasRoom(queue, request.Kind);

    // What the ladder queued is canceled when the device heals; once somebody else asks for the same, it is theirs and stays.
    private static DeviceCommand Adopt(DeviceTurn turn, DeviceCommand command, CommandRequest request)
    {
        if (command.RequestedBy != Actors.Ladder)
        {
            return command;
        }

        var adopted = command with
        {
            RequestedBy = request.Actor,
            OnBehalfOf = request.OnBehalfOf,
            Reason = request.Reason,
            IdempotencyKey = request.IdempotencyKey,
        };
        var queue = turn.Device.Commands;
        turn.Store(turn.Device with { Commands = queue with { Pending = queue.Pending.Replace(command, adopted) } });
        turn.Record(
            EventKinds.CommandQueued, turn.Now, adopted.RequestedBy, adopted.Reason, command.Status.ToWire(), adopted.Status.ToWire(), CommandDetail.Of(adopted));
        return adopted;
    }

    private static DeviceCommand? Repeated(CommandQueue queue, CommandRequest request) =>
        request.IdempotencyKey is not { } key
            ? null
            : queue.Pending.FirstOrDefault(c => c.IdempotencyKey == key) ?? queue.Finished.FirstOrDefault(c => c.IdempotencyKey == key);

    private static bool IsSameRequest(DeviceCommand command, CommandRequest request) =>
        command.Kind == request.Kind
        && command.Parameters == request.Parameters
        && command.InPatchWindow == (request.InPatchWindow || request.Kind == CommandKind.UpdateOs)
        && command.Life == (request.ExpiresIn ?? request.Kind.DefaultLife());

    private static DeviceCommand? Coalesced(CommandQueue queue, CommandRequest request) =>
        request.Kind.Coalesces()
            ? queue.Pending.FirstOrDefault(c => c.Kind == request.Kind && c.Parameters == request.Parameters && c.Status < CommandStatus.Received)
            : null;

    private static bool HasRoom(CommandQueue queue, CommandKind kind) =>
        queue.Pending.Length < CommandQueue.Capacity + (kind.IsReserved() ? CommandQueue.ReservedCapacity : 0);
}
