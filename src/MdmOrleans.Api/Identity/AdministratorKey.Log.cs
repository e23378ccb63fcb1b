using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Identity;

internal sealed partial class AdministratorKey
{
    [LoggerMessage(3001, LogLevel.Information, "There was no administrator key. One was made; it is in {Path}")]
    private partial void LogMade(string path);

    [LoggerMessage(3007, LogLevel.Information, "There was no administrator key. Now it is the one in {Path}")]
    private partial void LogFound(string path);

    [LoggerMessage(3002, LogLevel.Information, "There is an administrator key already")]
    private partial void LogThere();

    [LoggerMessage(3003, LogLevel.Information, "The administrator key is the one that Auth:AdminKey sets")]
    private partial void LogSet();

    [LoggerMessage(3004, LogLevel.Warning, "Auth:AdminKey is shorter than {Length} characters; a key that can be guessed protects nothing")]
    private partial void LogShort(int length);

    [LoggerMessage(3005, LogLevel.Warning, "The administrator key cannot be looked up yet; trying again")]
    private partial void LogWaiting(Exception exception);

    [LoggerMessage(3006, LogLevel.Information, "Stopped before the administrator key could be looked up")]
    private partial void LogGivenUp();
}
