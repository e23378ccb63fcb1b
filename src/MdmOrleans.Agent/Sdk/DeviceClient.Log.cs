namespace MdmOrleans.Agent.Sdk;

public sealed partial class DeviceClient
{
    [LoggerMessage(5001, LogLevel.Information, "{Tenant}:{Device} is connected to {Host}")]
    private partial void LogConnected(string tenant, string device, string host);

    [LoggerMessage(5002, LogLevel.Warning, "No connection to {Host}: {Reason}; trying again in {Seconds:0.0} s")]
    private partial void LogBackOff(string host, string reason, double seconds);

    [LoggerMessage(5003, LogLevel.Information, "{Tenant}:{Device} stopped. {Message}")]
    private partial void LogEnded(string tenant, string device, string message);

    [LoggerMessage(5004, LogLevel.Warning, "The server reports {Code} for {Topic}: {Detail}")]
    private partial void LogProblem(string code, string? topic, string? detail);

    [LoggerMessage(5005, LogLevel.Warning, "A message on {Topic} was ignored: it is not the JSON that belongs there")]
    private partial void LogUnreadable(string topic);

    [LoggerMessage(5007, LogLevel.Warning, "The device token goes to {Host} in clear, and anybody on the way can read it; use mqtts or wss")]
    private partial void LogClear(string host);

    [LoggerMessage(5006, LogLevel.Debug, "This agent does not know the control action {Action}")]
    private partial void LogUnknownAction(string action);
}
