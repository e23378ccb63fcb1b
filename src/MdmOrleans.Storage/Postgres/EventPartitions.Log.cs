using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

internal sealed partial class EventPartitions
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4111, LogLevel.Warning, "Partition {Partition} could not be created; its events go to the default partition for now")]
    private partial void LogNotMade(Exception exception, string partition);
}
