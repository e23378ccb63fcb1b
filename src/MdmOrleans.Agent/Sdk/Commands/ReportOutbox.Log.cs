namespace MdmOrleans.Agent.Sdk.Commands;

internal sealed partial class ReportOutbox
{
    [LoggerMessage(5301, LogLevel.Warning, "The report that command {CommandId} is {Status} was refused with {Code}: {Reason}")]
    private partial void LogRefused(string commandId, string status, string code, string? reason);
}
