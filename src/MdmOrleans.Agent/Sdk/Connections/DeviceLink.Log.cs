namespace MdmOrleans.Agent.Sdk.Connections;

internal sealed partial class DeviceLink
{
    [LoggerMessage(5101, LogLevel.Debug, "No acknowledgment for {Topic}")]
    private partial void LogUnacknowledged(Exception exception, string topic);

    [LoggerMessage(5102, LogLevel.Debug, "The connection was gone before its DISCONNECT")]
    private partial void LogNoGoodbye(Exception exception);

    [LoggerMessage(5103, LogLevel.Debug, "Keep-alive pings ended")]
    private partial void LogPingsEnded(Exception exception);
}
