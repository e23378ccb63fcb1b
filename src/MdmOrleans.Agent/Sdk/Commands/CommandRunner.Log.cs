namespace MdmOrleans.Agent.Sdk.Commands;

internal sealed partial class CommandRunner
{
    [LoggerMessage(5311, LogLevel.Information, "Running {Kind} command {CommandId}")]
    private partial void LogRunning(string commandId, string kind);

    [LoggerMessage(5312, LogLevel.Information, "{Kind} command {CommandId} ended: {Status} {Code}")]
    private partial void LogRan(string commandId, string kind, string status, string? code);

    [LoggerMessage(5313, LogLevel.Information, "{Kind} command {CommandId} came too late and was not run")]
    private partial void LogExpired(string commandId, string kind);

    [LoggerMessage(5314, LogLevel.Warning, "Too many commands are waiting; {Kind} command {CommandId} was not taken")]
    private partial void LogLaneFull(string commandId, string kind);

    [LoggerMessage(5315, LogLevel.Error, "The handler of {Kind} command {CommandId} failed")]
    private partial void LogHandlerFailed(Exception exception, string commandId, string kind);
}
