using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Sqlite;

internal sealed partial class SqliteSchema
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4201, LogLevel.Information, "Applied migration {Migration} to {File}")]
    private partial void LogApplied(string migration, string file);
}
