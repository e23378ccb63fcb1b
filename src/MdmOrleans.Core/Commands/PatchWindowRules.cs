using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Commands;

/// <summary>The window that a command waits for, or that is open for it.</summary>
/// <param name="Zone">By whose clock; what is not known is UTC.</param>
/// <param name="OpensAt">Null: it is open.</param>
/// <param name="ClosesAt">Exclusive.</param>
[GenerateSerializer, Immutable, Alias("mdm.CommandWindow")]
public sealed record CommandWindow(
    [property: Id(0)] PatchWindow Window,
    [property: Id(1)] string? Zone,
    [property: Id(2)] DateTimeOffset? OpensAt,
    [property: Id(3)] DateTimeOffset ClosesAt);

/// <summary>When a device may be patched, by the clock on its wall.</summary>
public static class PatchWindowRules
{
    /// <summary>The window that is open at <paramref name="now"/>, or else the next one.</summary>
    /// <remarks>
    /// A start that the clocks skip is the moment at which they jump over it, plus what it lies behind that; one that they show
    /// twice is the first of the two. The length is time that passes, whatever the clocks do meanwhile.
    /// </remarks>
    public static CommandWindow At(PatchWindow window, string? deviceZone, DateTimeOffset now)
    {
        var name = window.TimeZone ?? deviceZone;
        var zone = Find(name);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var day = today.AddDays(((int)window.Day - (int)today.DayOfWeek - 7) % 7); // today, or the last one before it
        while (true)
        {
            var opens = InstantOf(day.ToDateTime(window.Start), zone);
            var closes = opens + window.Length;
            if (now < closes)
            {
                return new CommandWindow(window, name, opens <= now ? null : opens, closes);
            }

            day = day.AddDays(7);
        }
    }

    /// <summary>Places every command that waits for a window by the policy and the clock of the device as they are now.</summary>
    internal static void Adopt(DeviceTurn turn, PatchWindow? window)
    {
        var zone = window?.TimeZone ?? turn.Device.Posture?.TimeZone;
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (command.InPatchWindow && (command.Window?.Window != window || (window is not null && command.Window?.Zone != zone)))
            {
                Place(turn, command, window is null ? null : At(window, zone, turn.Now));
            }
        }
    }

    /// <summary>Opens the windows whose time has come, and turns those that have closed into the next ones.</summary>
    internal static void Advance(DeviceTurn turn, DateTimeOffset upTo)
    {
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (NextInstant(command) <= upTo && command.Window is { } window)
            {
                Place(turn, command, At(window.Window, window.Zone, upTo));
            }
        }
    }

    /// <summary>The next instant at which the window of a command opens or closes; null where none matters.</summary>
    internal static DateTimeOffset? NextInstant(DeviceCommand command) =>
        command is { Window: { } window, Status: CommandStatus.Queued or CommandStatus.Sent or CommandStatus.NotNow } ? window.OpensAt ?? window.ClosesAt : null;

    private static void Place(DeviceTurn turn, DeviceCommand command, CommandWindow? window)
    {
        // Who does not say how long it lives means that it is done: it must not end before it could begin.
        var life = command.Life == command.Kind.DefaultLife() && window?.ClosesAt > command.ExpiresAt ? window.ClosesAt : command.ExpiresAt;
        var queue = turn.Device.Commands;
        var placed = command with { Window = window, ExpiresAt = command.Status == CommandStatus.OnHold ? command.ExpiresAt : life };
        turn.Store(turn.Device with { Commands = queue with { Pending = queue.Pending.Replace(command, placed) } });
    }

    private static TimeZoneInfo Find(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    private static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone)
    {
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddDays(-1))
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
