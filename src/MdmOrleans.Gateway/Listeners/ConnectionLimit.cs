using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>Bounds the open connections of one port, before TLS: a handshake costs more than anything that comes after it.</summary>
/// <remarks>Kestrel's own limit is one number for all ports, and devices need many more connections than operators.</remarks>
public static partial class ConnectionLimit
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    /// <summary>Closes what comes on top of <paramref name="limit"/> without a word. Before everything else that the port does.</summary>
    /// <param name="key">The setting that an operator would raise.</param>
    public static void LimitConnections(this ListenOptions listen, int limit, string key)
    {
        var logger = listen.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConnectionLimit));
        var time = listen.ApplicationServices.GetRequiredService<TimeProvider>();
        var permits = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = 0 });
        long? warnedAt = null;
        listen.Use(next => async connection =>
        {
            using var lease = permits.AttemptAcquire();
            if (lease.IsAcquired)
            {
                await next(connection);
                return;
            }

            if (warnedAt is not { } last || time.GetElapsedTime(last) >= BetweenWarnings)
            {
                warnedAt = time.GetTimestamp(); // two at once may both warn
                LogRefused(logger, key, limit);
            }

            connection.Abort();
        });
    }

    [LoggerMessage(2110, LogLevel.Warning, "The limit {Key} of {Limit} connections is reached; new ones are closed")]
    private static partial void LogRefused(ILogger logger, string key, int limit);
}
