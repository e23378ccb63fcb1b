using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Twins;

internal sealed partial class SeenLane
{
    private readonly ILogger _logger;

    [LoggerMessage(4021, LogLevel.Warning, "The times at which devices were last seen cannot be stored; they are kept and tried again")]
    private partial void LogFailing(Exception exception);

    [LoggerMessage(4022, LogLevel.Error, "Shut down without storing when {Devices} devices were last seen")]
    private partial void LogLost(int devices);

    [LoggerMessage(4023, LogLevel.Error, "When device {DeviceId} was last seen cannot be stored at all, and is left out")]
    private partial void LogPoisoned(Exception exception, DeviceId deviceId);
}
