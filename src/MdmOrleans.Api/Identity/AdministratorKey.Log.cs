using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Identity;

internal sealed partial class AdministratorKey
{
    [LoggerMessage(3001, LogLevel.Information, "No administrator key existed, so one was made; it is in {Path}")]
    private partial void LogMade(string path);

    [LoggerMessage(3007, LogLevel.Information, "No administrator key was stored, so the one in {Path} was stored again")]
    private partial void LogFound(string path);

    [LoggerMessage(3002, LogLevel.Debug, "An administrator key exists")]
    private partial void LogThere();

    [LoggerMessage(3003, LogLevel.Debug, "The administrator key is the one that Auth:AdminKey sets")]
    private partial void LogSet();

    [LoggerMessage(3004, LogLevel.Warning, "Auth:AdminKey is shorter than {Length} characters; use one that nobody can guess")]
    private partial void LogShort(int length);

    [LoggerMessage(3005, LogLevel.Warning, "The administrator key cannot be read yet; trying again")]
    private partial void LogWaiting(Exception exception);

    [LoggerMessage(3006, LogLevel.Information, "The server stopped before it could read the administrator key")]
    private partial void LogGivenUp();
}
