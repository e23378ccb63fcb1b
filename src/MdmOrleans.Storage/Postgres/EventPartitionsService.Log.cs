using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

internal sealed partial class EventPartitionsService
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4112, LogLevel.Warning, "The next partitions for events could not be created; trying again tomorrow")]
    private partial void LogFailed(Exception exception);
}
