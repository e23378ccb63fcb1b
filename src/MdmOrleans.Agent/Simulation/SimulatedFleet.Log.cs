namespace MdmOrleans.Agent.Simulation;

public sealed partial class SimulatedFleet
{
    [LoggerMessage(5501, LogLevel.Warning, "Simulated device {Device} stopped. {Message}")]
    private partial void LogEnded(FleetCredential device, string message);

    [LoggerMessage(5503, LogLevel.Warning, "The device tokens go to {Host} in clear, and anybody on the way can read them; use mqtts or wss")]
    private partial void LogClear(string host);

    [LoggerMessage(5502, LogLevel.Debug, "Simulated device {Device} was stopped before it had connected, or while it was offline")]
    private partial void LogStopped(FleetCredential device);
}
