using System.Collections.Immutable;
using System.Diagnostics;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Commands;

/// <summary>How commands move within the queue of one device, each step with its event.</summary>
internal static class CommandMoves
{
    /// <summary>How long after its own end a command that the device has taken is waited for.</summary>
    private static readonly TimeSpan ReportTime = TimeSpan.FromHours(24);

    public static DeviceCommand? Find(CommandQueue queue, Guid id)
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

    /// <summary>Replaces a command by what it has become; a final one goes to the finished, the oldest of which leaves.</summary>
    public static void Move(DeviceTurn turn, DeviceCommand from, DeviceCommand to, DateTimeOffset at, string actor, string? reason = null, string? note = null)
    {
        var queue = turn.Device.Commands;
        queue = (from.IsPending, to.IsPending) switch
        {
            (true, true) => queue with { Pending = queue.Pending.Replace(from, to) },
            (true, false) => queue with { Pending = queue.Pending.Remove(from), Finished = Keep(queue.Finished, to) },
            _ => queue with { Finished = queue.Finished.Replace(from, to) },
        };
        turn.Store(turn.Device with { Commands = queue });
        turn.Record(EventKinds.CommandStatusChanged, at, actor, reason, from.Status.ToWire(), to.Status.ToWire(), CommandDetail.Of(to, note));
    }

    /// <summary>Moves a command on as the table says; to be asked only where it says that it moves.</summary>
    public static void Apply(DeviceTurn turn, DeviceCommand command, CommandCause cause, DateTimeOffset at, string actor, string? reason = null) =>
        Apply(turn, command, command, cause, at, actor, reason);

    /// <param name="changed">As it is, but for the state and the instant, afterwards.</param>
    public static void Apply(
        DeviceTurn turn, DeviceCommand command, DeviceCommand changed, CommandCause cause, DateTimeOffset at, string actor, string? reason = null,
        string? note = null)
    {
        var (effect, status) = CommandTransitions.Of(command.Status, cause);
        Debug.Assert(effect == CommandEffect.Move, "whoever asks has looked");
        Move(turn, command, changed with { Status = status, UpdatedAt = at }, at, actor, reason, note);
    }

    /// <summary>Priority lane first, then first in, first out.</summary>
    public static void Insert(DeviceTurn turn, DeviceCommand command, DateTimeOffset at)
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

    /// <summary>Ends what is past its time, and lets what was postponed come again, each as of its own instant.</summary>
    public static void EndOverdue(DeviceTurn turn) => EndOverdue(turn, turn.Now);

    /// <inheritdoc cref="EndOverdue(DeviceTurn)"/>
    public static void EndOverdue(DeviceTurn turn, DateTimeOffset upTo)
    {
        while (FirstOverdue(turn.Device.Commands, upTo) is { } command)
        {
            var end = EndOf(command);
            var code = command.Status switch
            {
                CommandStatus.OnHold => "undecided",
                CommandStatus.Received or CommandStatus.Executing => "noReport",
                _ => command.Code,
            };
            Apply(turn, command, command with { Code = code }, CommandCause.TimeOut, end, Actors.Expiry);
        }

        PatchWindowRules.Advance(turn, upTo);
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (command.NotBefore <= upTo)
            {
                var pending = turn.Device.Commands.Pending.Replace(command, command with { NotBefore = null });
                turn.Store(turn.Device with { Commands = turn.Device.Commands with { Pending = pending } });
            }
        }
    }

    /// <summary>The next instant at which time alone changes the queue; null when it never does.</summary>
    public static DateTimeOffset? NextInstant(CommandQueue queue)
    {
        DateTimeOffset? next = null;
        foreach (var command in queue.Pending)
        {
            var end = EndOf(command);
            end = command.NotBefore < end ? command.NotBefore.Value : end;
            end = PatchWindowRules.NextInstant(command) is { } turns && turns < end ? turns : end;
            next = end < DateTimeOffset.MaxValue && !(next <= end) ? end : next;
        }

        return next;
    }

    /// <summary>Ends everything that is pending, e.g. when the device is enrolled again.</summary>
    public static void CancelAll(DeviceTurn turn, string actor, string reason)
    {
        while (turn.Device.Commands.Pending is [var command, ..])
        {
            Apply(turn, command, CommandCause.Cancel, turn.Now, actor, reason);
        }
    }

    /// <summary>Ends what a wipe makes pointless: everything but itself and a <c>retire</c>.</summary>
    public static void Supersede(DeviceTurn turn, Guid wipe, string actor)
    {
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (command.Id != wipe && command.Kind != CommandKind.Retire)
            {
                Apply(turn, command, CommandCause.Supersede, turn.Now, actor, "wipe");
            }
        }
    }

    /// <summary>When a life that begins at <paramref name="now"/> is over; null: never.</summary>
    public static DateTimeOffset EndOf(TimeSpan? life, DateTimeOffset now) => life is { } length ? now + length : DateTimeOffset.MaxValue;

    private static ImmutableArray<DeviceCommand> Keep(ImmutableArray<DeviceCommand> finished, DeviceCommand command) =>
        [command, .. finished.AsSpan(0, Math.Min(finished.Length, CommandQueue.FinishedCapacity - 1))];

    private static DateTimeOffset EndOf(DeviceCommand command) => command.Status switch
    {
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
