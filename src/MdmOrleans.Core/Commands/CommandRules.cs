using System.Collections.Immutable;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Commands;

/// <summary>The queue of one device, from request to end.</summary>
public static class CommandRules
{
    /// <summary>How long after its own end a command that the device has taken is waited for.</summary>
    private static readonly TimeSpan ReportTime = TimeSpan.FromHours(24);

    /// <summary>Queues a command. The receipt is in the returned queue under <paramref name="id"/>, or names the one that was there.</summary>
    /// <param name="id">Of the command to be made; version 7.</param>
    public static (Decision Decision, CommandReceipt? Receipt) Enqueue(Device device, CommandRequest request, Guid id, DateTimeOffset now)
    {
        if (device.Lifecycle == LifecycleState.Retired)
        {
            return (Decision.Refuse(device, ProblemCatalog.DeviceRetired), null);
        }

        if (Known(device, request) is { } known)
        {
            return IsSameRequest(known, request)
                ? (Decision.Unchanged(device), new CommandReceipt(known, true))
                : (Decision.Refuse(device, ProblemCatalog.IdempotencyKeyReused), null);
        }

        var turn = new DeviceTurn(device, now);
        ExpireOverdue(turn);
        if (Coalesced(turn.Device.Commands, request) is { } twin)
        {
            twin = Adopt(turn, twin, request);
            return (turn.Decide(), new CommandReceipt(twin, true));
        }

        if (!HasRoom(turn.Device.Commands, request.Kind))
        {
            return (Decision.Refuse(device, ProblemCatalog.CommandQueueFull), null);
        }

        var command = Make(turn.Device, request, id, now);
        Insert(turn, command, now);
        DeadlineRules.Rearm(turn);
        return (turn.Decide(), new CommandReceipt(command, false));
    }

    /// <summary>Cancels whatever is not final yet.</summary>
    public static Decision Cancel(Device device, Guid id, string actor, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        ExpireOverdue(turn);
        if (Find(turn.Device.Commands, id) is not { } command)
        {
            return Decision.Refuse(device, ProblemCatalog.CommandNotFound);
        }

        if (!command.IsPending)
        {
            return Decision.Refuse(device, ProblemCatalog.CommandFinal);
        }

        Move(turn, command, command with { Status = CommandStatus.Canceled, UpdatedAt = now }, now, actor);
        DeadlineRules.Rearm(turn);
        return turn.Decide();
    }

    /// <summary>The device acknowledged the delivery.</summary>
    public static Decision MarkSent(Device device, ImmutableArray<Guid> ids, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        foreach (var id in ids)
        {
            if (Find(turn.Device.Commands, id) is { Status: CommandStatus.Queued or CommandStatus.NotNow } command)
            {
                var sent = command with { Status = CommandStatus.Sent, Attempts = command.Attempts + 1, UpdatedAt = now };
                Move(turn, command, sent, now, Actors.Device);
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
            if (command.Status is CommandStatus.Queued or CommandStatus.Sent or CommandStatus.NotNow && now < command.ExpiresAt)
            {
                offered.Add(command);
            }
        }

        return offered.DrainToImmutable();
    }

    /// <summary>What a rule asks for; an identical one that is pending will do. To be asked only if <see cref="CanTake"/>.</summary>
    internal static void Queue(DeviceTurn turn, CommandRequest request, Guid id, DateTimeOffset at)
    {
        if (Coalesced(turn.Device.Commands, request) is null)
        {
            Insert(turn, Make(turn.Device, request, id, at), at);
        }
    }

    internal static bool CanTake(CommandQueue queue, CommandRequest request) => Coalesced(queue, request) is not null || HasRoom(queue, request.Kind);

    internal static void ExpireOverdue(DeviceTurn turn) => ExpireOverdue(turn, turn.Now);

    internal static void ExpireOverdue(DeviceTurn turn, DateTimeOffset upTo)
    {
        while (FirstOverdue(turn.Device.Commands, upTo) is { } command)
        {
            var code = command.Status is CommandStatus.Received or CommandStatus.Executing ? "noReport" : command.Code;
            var end = EndOf(command);
            Move(turn, command, command with { Status = CommandStatus.Expired, Code = code, UpdatedAt = end }, end, Actors.Expiry);
        }
    }

    internal static DateTimeOffset? NextExpiry(CommandQueue queue)
    {
        DateTimeOffset? next = null;
        foreach (var command in queue.Pending)
        {
            var end = EndOf(command);
            next = end < DateTimeOffset.MaxValue && !(next <= end) ? end : next;
        }

        return next;
    }

    /// <summary>Ends everything that is pending, e.g. when the device is enrolled again.</summary>
    internal static void CancelAll(DeviceTurn turn, string actor, string reason)
    {
        while (turn.Device.Commands.Pending is [var command, ..])
        {
            Move(turn, command, command with { Status = CommandStatus.Canceled, UpdatedAt = turn.Now }, turn.Now, actor, reason);
        }
    }

    internal static DeviceCommand? Find(CommandQueue queue, Guid id)
    {
        foreach (var command in queue.Pending)
        {
            if (command.Id == id)
            {
                return command;
            }
        }

        foreach (var command in queue.Finished)
        {
            if (command.Id == id)
            {
                return command;
            }
        }

        return null;
    }

    /// <summary>Replaces a command by what it has become, with its event; a final one goes to the finished, the oldest of which leaves.</summary>
    internal static void Move(
        DeviceTurn turn, DeviceCommand from, DeviceCommand to, DateTimeOffset at, string actor, string? reason = null)
    {
        var queue = turn.Device.Commands;
        queue = (from.IsPending, to.IsPending) switch
        {
            (true, true) => queue with { Pending = queue.Pending.Replace(from, to) },
            (true, false) => queue with { Pending = queue.Pending.Remove(from), Finished = Keep(queue.Finished, to) },
            _ => queue with { Finished = queue.Finished.Replace(from, to) },
        };
        turn.Store(turn.Device with { Commands = queue });
        turn.Record(
            EventKinds.CommandStatusChanged, at, actor, reason, from.Status.ToWire(), to.Status.ToWire(), CommandDetail.Of(to));
    }

    private static ImmutableArray<DeviceCommand> Keep(ImmutableArray<DeviceCommand> finished, DeviceCommand command) =>
        [command, .. finished.AsSpan(0, Math.Min(finished.Length, CommandQueue.FinishedCapacity - 1))];

    private static DeviceCommand Make(Device device, CommandRequest request, Guid id, DateTimeOffset now) => new()
    {
        Id = id,
        Kind = request.Kind,
        Status = CommandStatus.Queued,
        Parameters = request.Parameters,
        RequestedBy = request.Actor,
        Reason = request.Reason,
        CreatedAt = now,
        ExpiresAt = now + (request.ExpiresIn ?? request.Kind.DefaultLife()),
        Epoch = device.Epoch,
        UpdatedAt = now,
        IdempotencyKey = request.IdempotencyKey,
    };

    private static void Insert(DeviceTurn turn, DeviceCommand command, DateTimeOffset at)
    {
        var queue = turn.Device.Commands;
        var place = queue.Pending.Length;
        if (command.Kind.IsPriority())
        {
            for (place = 0; place < queue.Pending.Length && queue.Pending[place].Kind.IsPriority(); place++)
            {
            }
        }

        turn.Store(turn.Device with { Commands = queue with { Pending = queue.Pending.Insert(place, command) } });
        turn.Record(
            EventKinds.CommandQueued, at, command.RequestedBy, command.Reason, null, command.Status.ToWire(), CommandDetail.Of(command));
    }

    // What the ladder queued is canceled when the device heals; once somebody else asks for the same, it is theirs and stays.
    private static DeviceCommand Adopt(DeviceTurn turn, DeviceCommand command, CommandRequest request)
    {
        if (command.RequestedBy != Actors.Ladder)
        {
            return command;
        }

        var adopted = command with { RequestedBy = request.Actor, Reason = request.Reason, IdempotencyKey = request.IdempotencyKey };
        var queue = turn.Device.Commands;
        turn.Store(turn.Device with { Commands = queue with { Pending = queue.Pending.Replace(command, adopted) } });
        turn.Record(
            EventKinds.CommandQueued, turn.Now, adopted.RequestedBy, adopted.Reason, command.Status.ToWire(), adopted.Status.ToWire(), CommandDetail.Of(adopted));
        return adopted;
    }

    private static DeviceCommand? Known(Device device, CommandRequest request) =>
        request.IdempotencyKey is not { } key
            ? null
            : device.Commands.Pending.FirstOrDefault(c => c.IdempotencyKey == key)
                ?? device.Commands.Finished.FirstOrDefault(c => c.IdempotencyKey == key);

    private static bool IsSameRequest(DeviceCommand command, CommandRequest request) =>
        command.Kind == request.Kind
        && command.Parameters == request.Parameters
        && (request.ExpiresIn ?? request.Kind.DefaultLife()) == command.ExpiresAt - command.CreatedAt;

    private static DeviceCommand? Coalesced(CommandQueue queue, CommandRequest request) =>
        request.Kind.Coalesces()
            ? queue.Pending.FirstOrDefault(c => c.Kind == request.Kind && c.Parameters == request.Parameters && c.Status < CommandStatus.Received)
            : null;

    private static bool HasRoom(CommandQueue queue, CommandKind kind)
    {
        var capacity = CommandQueue.Capacity + (kind.IsReserved() ? CommandQueue.ReservedCapacity : 0);
        return queue.Pending.Length < capacity;
    }

    private static DateTimeOffset EndOf(DeviceCommand command) => command.Status switch
    {
        CommandStatus.OnHold => DateTimeOffset.MaxValue,
        CommandStatus.Received or CommandStatus.Executing when command.ExpiresAt < DateTimeOffset.MaxValue - ReportTime =>
            command.ExpiresAt + ReportTime,
        _ => command.ExpiresAt,
    };

    private static DeviceCommand? FirstOverdue(CommandQueue queue, DateTimeOffset now)
    {
        DeviceCommand? first = null;
        foreach (var command in queue.Pending)
        {
            if (EndOf(command) <= now && (first is null || EndOf(command) < EndOf(first)))
            {
                first = command;
            }
        }

        return first;
    }
}
