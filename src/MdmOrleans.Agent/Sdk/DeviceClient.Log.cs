namespace MdmOrleans.Agent.Sdk;

public sealed partial class DeviceClient
{
    [LoggerMessage(5001, LogLevel.Information, "{Tenant}:{Device} is connected to {Host}")]
    private partial void LogConnected(string tenant, string device, string host);

    [LoggerMessage(5002, LogLevel.Warning, "No connection to {Host} ({Code}: {Reason}); trying again in {Wait}")]
    private partial void LogBackOff(string host, string code, string? reason, TimeSpan wait);

    [LoggerMessage(5003, LogLevel.Information, "{Tenant}:{Device} ended: {Message}")]
    private partial void LogEnded(string tenant, string device, string message);

    [LoggerMessage(5004, LogLevel.Warning, "The server reports {Code} for {Topic}: {Detail}")]
    private partial void LogProblem(string code, string? topic, string? detail);

    [LoggerMessage(5005, LogLevel.Warning, "A message on {Topic} is not what belongs there")]
    private partial void LogUnreadable(Exception exception, string topic);

    [LoggerMessage(5006, LogLevel.Debug, "The control action {Action} does not concern this agent")]
    private partial void LogUnknownAction(string action);
}
