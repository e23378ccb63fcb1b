using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

internal sealed partial class EventPartitions
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4111, LogLevel.Warning, "The partition {Partition} was not made; its events go to the default partition until it is")]
    private partial void LogNotMade(Exception exception, string partition);
}
