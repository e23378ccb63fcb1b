using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Problems;

internal sealed partial class UnexpectedFailures
{
    [LoggerMessage(3101, LogLevel.Warning, "{Method} {Route} failed because the cluster or the database is not responding")]
    private partial void LogOutage(Exception exception, string method, string route);

    [LoggerMessage(3102, LogLevel.Error, "{Method} {Route} failed because of a bug in the server")]
    private partial void LogBug(Exception exception, string method, string route);
}
