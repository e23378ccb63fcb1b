namespace MdmOrleans.Server.Hosting;

internal static partial class ServerHost
{
    [LoggerMessage(6001, LogLevel.Information, "The server was asked to stop before it had started")]
    private static partial void LogStoppedEarly(this ILogger logger);

    [LoggerMessage(6002, LogLevel.Debug, "This is how the unfinished start ended")]
    private static partial void LogStartFailed(this ILogger logger, Exception exception);
}
