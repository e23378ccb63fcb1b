using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

internal sealed partial class EventPartitionsService
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4112, LogLevel.Warning, "The coming partitions of the events were not looked after; tried again tomorrow")]
    private partial void LogFailed(Exception exception);
}
