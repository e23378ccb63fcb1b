using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Deadlines;

internal sealed partial class DeadlineShardGrain
{
    [LoggerMessage(1401, LogLevel.Warning, "Device {DeviceId} did not act on its deadline of {DueAt} (attempt {Attempt}); trying again")]
    private partial void LogFailed(Exception exception, DeviceId deviceId, DateTimeOffset dueAt, int attempt);

    [LoggerMessage(1402, LogLevel.Debug, "Device {DeviceId} has not met its deadline of {DueAt}: {Problem}")]
    private partial void LogStillDue(DeviceId deviceId, DateTimeOffset dueAt, string? problem);

    [LoggerMessage(1403, LogLevel.Warning, "Shard {Shard} cannot read the devices that are due; trying again every second")]
    private partial void LogBlind(Exception exception, int shard);

    [LoggerMessage(1404, LogLevel.Warning, "Shard {Shard} has no reminder yet; only its silo keeps it active until then")]
    private partial void LogNoReminder(Exception exception, int shard);
}
