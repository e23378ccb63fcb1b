using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Twins;

internal sealed partial class SeenLane
{
    private readonly ILogger _logger;

    [LoggerMessage(4021, LogLevel.Warning, "The times when devices were last seen cannot be stored; keeping them and trying again")]
    private partial void LogFailing(Exception exception);

    [LoggerMessage(4022, LogLevel.Error, "The server stopped before it could store when these devices were last seen: {Devices}")]
    private partial void LogLost(int devices);

    [LoggerMessage(4023, LogLevel.Error, "The time when device {DeviceId} was last seen cannot be stored; leaving it out")]
    private partial void LogPoisoned(Exception exception, DeviceId deviceId);
}
