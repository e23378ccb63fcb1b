using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    [LoggerMessage(1101, LogLevel.Debug, "Device {DeviceId} refused a request: {ProblemCode}")]
    private partial void LogRefused(DeviceId deviceId, string problemCode);

    [LoggerMessage(1102, LogLevel.Warning, "Another activation stored version {Version} of device {DeviceId}; dropping this one")]
    private partial void LogConflict(DeviceId deviceId, long version);

    [LoggerMessage(1103, LogLevel.Debug, "Device {DeviceId} could not be stored; dropping its activation")]
    private partial void LogUnavailable(Exception exception, DeviceId deviceId);

    [LoggerMessage(1104, LogLevel.Information, "Device {DeviceId} was deleted by {Actor}")]
    private partial void LogDeleted(DeviceId deviceId, string actor);
}
