namespace MdmOrleans.Agent.Linux.Commands;

internal sealed partial class HookCommands
{
    [LoggerMessage(5401, LogLevel.Warning, "Everybody may write to {Hook}; it is not run")]
    private partial void LogOpenToAll(string hook);

    [LoggerMessage(5402, LogLevel.Warning, "{Hook} could not be started")]
    private partial void LogNotStarted(Exception exception, string hook);
}
