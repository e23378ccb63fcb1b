using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Deadlines;

internal sealed partial class DeadlineShardGrain
{
    [LoggerMessage(1401, LogLevel.Warning, "Device {DeviceId} could not act on what it was due for at {DueAt}; it is tried again, attempt {Attempt} failed")]
    private partial void LogFailed(Exception exception, DeviceId deviceId, DateTimeOffset dueAt, int attempt);

    [LoggerMessage(1402, LogLevel.Debug, "Device {DeviceId} is still due for {DueAt}: {Problem}")]
    private partial void LogStillDue(DeviceId deviceId, DateTimeOffset dueAt, string? problem);

    [LoggerMessage(1403, LogLevel.Warning, "Shard {Shard} cannot read what is due; it tries again every second")]
    private partial void LogBlind(Exception exception, int shard);

    [LoggerMessage(1404, LogLevel.Warning, "Shard {Shard} has no reminder yet; until then only its silo keeps it awake")]
    private partial void LogNoReminder(Exception exception, int shard);
}
