using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Clocks;

public sealed partial class GuardedClock
{
    private readonly ILogger _logger;

    [LoggerMessage(1601, LogLevel.Error, "{Doubt}")]
    private partial void LogDoubted(string doubt);

    [LoggerMessage(1602, LogLevel.Information, "The clock is believed again; deadlines and expiry go on")]
    private partial void LogBelieved();
}
