using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Problems;

internal sealed partial class UnexpectedFailures
{
    [LoggerMessage(3101, LogLevel.Warning, "A request could not be answered because something does not respond: {Method} {Route}")]
    private partial void LogOutage(Exception exception, string method, string route);

    [LoggerMessage(3102, LogLevel.Error, "A request failed unexpectedly: {Method} {Route}")]
    private partial void LogBug(Exception exception, string method, string route);
}
