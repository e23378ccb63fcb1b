using System.Text.Json;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Simulation.Devices;

/// <summary>What commands do to a simulated device.</summary>
internal static class SimulatedCommands
{
    private const int LowBattery = 30;

    private const string Berlin = """{ "latitude": 52.52, "longitude": 13.405, "accuracyMeters": 12 }""";

    public static (SimulatedState State, CommandOutcome Outcome) Apply(
        DeliveredCommand command, DeviceTraits traits, SimulatedState state, Random random)
    {
        // Now and then one fails, as in life; what an operator does in an emergency does not.
        var isUrgent = command.Kind is CommandKindNames.Lock or CommandKindNames.Wipe or CommandKindNames.LostModeOn or CommandKindNames.LostModeOff;
        if (!isUrgent && random.Next(50) == 0)
        {
            return (state, CommandOutcome.Failed("simulated", "One in fifty fails."));
        }

        return command.Kind switch
        {
            CommandKindNames.UpdateOs when SimulatedPosture.BatteryOf(traits, state) < LowBattery =>
                (state, CommandOutcome.NotNow("The battery is low.")),
            CommandKindNames.UpdateOs => Done(state with { Release = traits.Platform.NewestAt(state.Hours) }),
            CommandKindNames.Lock => Done(state with { IsLocked = true }),
            CommandKindNames.LostModeOn => Done(state with { IsLost = true }),
            CommandKindNames.LostModeOff => Done(state with { IsLost = false }),
            CommandKindNames.Rename when Parameter(command, "name") is { } name => Done(state with { Name = name }),
            CommandKindNames.InstallApp when Parameter(command, "id") is { } id =>
                Done(state with { Apps = [.. state.Apps.Where(a => a.Id != id), new InstalledApp(id, Parameter(command, "version") ?? "1.0.0")] }),
            CommandKindNames.RemoveApp when Parameter(command, "id") is { } id => Done(state with { Apps = [.. state.Apps.Where(a => a.Id != id)] }),
            CommandKindNames.Rename or CommandKindNames.InstallApp or CommandKindNames.RemoveApp =>
                (state, CommandOutcome.Rejected("parametersMissing", "The command does not say what.")),
            CommandKindNames.Locate => (state, CommandOutcome.Succeeded(JsonElement.Parse(Berlin))),
            _ => Done(state),
        };
    }

    private static (SimulatedState, CommandOutcome) Done(SimulatedState state) => (state, CommandOutcome.Succeeded());

    private static string? Parameter(DeliveredCommand command, string name) =>
        command.Parameters.ValueKind == JsonValueKind.Object
        && command.Parameters.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
