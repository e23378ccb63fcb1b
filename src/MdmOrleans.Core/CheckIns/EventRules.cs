using System.Text.Json;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.CheckIns;

/// <summary>What a device tells of between its check-ins.</summary>
public static class EventRules
{
    /// <summary>Keeps it in the history, as long as the device has not used up its events of the day.</summary>
    /// <param name="epoch">The enrollment that its credential belongs to; an older one than the twin's is not heard of, only recorded.</param>
    /// <param name="perDay">Events that are kept a day (UTC). What the twin itself records does not count.</param>
    /// <returns>
    /// What to store, and the refusal to give once it is stored. The first event of the day that is dropped leaves an event of its own;
    /// those after it cost nothing.
    /// </returns>
    public static (Decision Decision, Problem? Refusal) Tell(
        Device device, string type, Utf8Block payload, int epoch, int perDay, DateTimeOffset now)
    {
        var budget = EventBudget.On(now, device.Events);
        var turn = new DeviceTurn(device, now);
        if (budget.Used >= perDay)
        {
            if (!budget.HasDropped)
            {
                turn.Store(device with { Events = budget with { HasDropped = true } });
                turn.Record(EventKinds.EventsDropped, now, Actors.Device, "overBudget", detail: JsonBlocks.Write((budget.Day, perDay), WriteDropped));
            }

            return (turn.Decide(), ProblemCatalog.EventsOverBudget);
        }

        turn.Store(device with { Events = budget with { Used = budget.Used + 1 } });
        var isLate = epoch < device.Epoch;
        turn.Record(isLate ? EventKinds.LateDeviceReport : EventKinds.DeviceReported, now, Actors.Device, type, detail: payload);
        turn.Device = isLate ? turn.Device : turn.Device with { Seen = LastSeen.At(device.Seen, now) };
        return (turn.Decide(), null);
    }

    private static void WriteDropped(Utf8JsonWriter json, (DateOnly Day, int PerDay) budget)
    {
        json.WriteStartObject();
        json.WriteString("day"u8, budget.Day.ToString("O"));
        json.WriteNumber("perDay"u8, budget.PerDay);
        json.WriteEndObject();
    }
}
