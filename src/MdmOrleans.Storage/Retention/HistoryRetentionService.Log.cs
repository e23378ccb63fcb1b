using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Retention;

internal sealed partial class HistoryRetentionService
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4121, LogLevel.Warning, "Old events could not be pruned; trying again in an hour")]
    private partial void LogFailed(Exception exception);
}
