using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Gateway.Sessions;

internal sealed partial class MqttSession
{
    [LoggerMessage(2001, LogLevel.Debug, "Device {DeviceId} connected with {Version}")]
    private partial void LogConnected(DeviceId deviceId, MqttVersion version);

    [LoggerMessage(2002, LogLevel.Debug, "A connection that says it is {DeviceId} was refused: {Code}")]
    private partial void LogRefused(DeviceId deviceId, ReasonCode code);

    [LoggerMessage(2003, LogLevel.Debug, "The connection of {DeviceId} was closed: {Code}")]
    private partial void LogClosed(DeviceId deviceId, ReasonCode code);

    [LoggerMessage(2004, LogLevel.Debug, "The connection of {DeviceId} was lost")]
    private partial void LogLost(Exception exception, DeviceId deviceId);

    [LoggerMessage(2005, LogLevel.Debug, "The twin of {DeviceId} did not respond")]
    private partial void LogCallFailed(Exception exception, DeviceId deviceId);

    [LoggerMessage(2006, LogLevel.Debug, "A message for {DeviceId} is larger than the {MaximumPacket} bytes that it accepts")]
    private partial void LogTooLarge(DeviceId deviceId, long maximumPacket);

    [LoggerMessage(2007, LogLevel.Error, "The connection of {DeviceId} failed because of a bug in the server")]
    private partial void LogBroken(Exception exception, DeviceId deviceId);
}
