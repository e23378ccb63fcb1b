using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

internal sealed partial class EventClock
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4131, LogLevel.Warning,
        "The database was restored from a backup or moved to another PostgreSQL: its stream of events goes on here, and kept cursors stay valid")]
    private partial void LogRebased();
}
