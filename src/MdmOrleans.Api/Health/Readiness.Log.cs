using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Health;

internal sealed partial class Readiness
{
    [LoggerMessage(3201, LogLevel.Warning, "The readiness check '{Check}' did not answer")]
    private partial void LogFailed(Exception exception, string check);
}
