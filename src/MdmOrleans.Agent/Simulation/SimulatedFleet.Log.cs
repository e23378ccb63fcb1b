namespace MdmOrleans.Agent.Simulation;

public sealed partial class SimulatedFleet
{
    [LoggerMessage(5501, LogLevel.Warning, "Simulated device {Device} ended: {Message}")]
    private partial void LogEnded(FleetCredential device, string message);

    [LoggerMessage(5502, LogLevel.Debug, "Simulated device {Device} was stopped before it had connected, or while it was offline")]
    private partial void LogStopped(FleetCredential device);
}
