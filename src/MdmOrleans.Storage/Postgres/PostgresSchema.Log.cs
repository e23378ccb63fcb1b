using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

internal sealed partial class PostgresSchema
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(4101, LogLevel.Information, "Applied migration {Migration}")]
    private partial void LogApplied(string migration);
}
