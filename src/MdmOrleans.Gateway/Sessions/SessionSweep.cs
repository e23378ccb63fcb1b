using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>One timer for the time limits of all connections, and the graceful end of them all.</summary>
internal sealed partial class SessionSweep(SessionRegistry registry, SessionServices services, TimeProvider time, ILogger<SessionSweep> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250); // a keep-alive that is over ends within half a second
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private const int PeriodsBetweenChores = 20;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything else stops: the twins are still there for what is under way, and devices learn where not to come back to.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        registry.Drain();
        await Task.WhenAny(registry.Drained, Task.Delay(DrainTimeout, time, cancellationToken));
        registry.CloseAll();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        for (var period = 1; await timer.WaitForNextTickAsync(stoppingToken); period++)
        {
            registry.Sweep();
            if (period % PeriodsBetweenChores == 0)
            {
                registry.ForgetDevices();
                Report(services.Failures.Take());
            }
        }
    }

    private void Report((int Count, Exception? Last) failures)
    {
        if (failures.Count > 0)
        {
            LogCallsFailed(failures.Last, failures.Count);
        }
    }

    [LoggerMessage(2101, LogLevel.Warning, "Calls to twins failed in the last five seconds: {Count}; this is the last one")]
    private partial void LogCallsFailed(Exception? exception, int count);
}
