namespace MdmOrleans.Agent.Linux.Commands;

internal sealed partial class HookCommands
{
    [LoggerMessage(5401, LogLevel.Warning, "A hook was not run. {Flaw}")]
    private partial void LogUnsafe(string flaw);

    [LoggerMessage(5402, LogLevel.Warning, "{Hook} could not be started: {Why}")]
    private partial void LogNotStarted(string hook, string why);
}
