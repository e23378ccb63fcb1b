using MdmOrleans.Core;
using MdmOrleans.Core.Clocks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Clocks;

/// <summary>Compares the clocks once a second, and with the database server's once a minute, or every ten seconds while in doubt.</summary>
public sealed partial class ClockWatch(GuardedClock clock, IClockStore store, ILogger<ClockWatch> logger) : BackgroundService
{
    private const int SecondsBetweenMarks = 60;
    private const int SecondsBetweenLooksInDoubt = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Before the server does anything by the clock: finds out whether it may.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var mark = await store.ReadMarkAsync(cancellationToken);
        var ahead = await MeasureAsync(cancellationToken);
        clock.Begin(ahead, mark);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        var wasSuspended = false;
        for (var second = 0; await timer.WaitForNextTickAsync(stoppingToken); second++)
        {
            var isSuspended = clock.Read().Doubt is not null;
            if (isSuspended != wasSuspended || second % (isSuspended ? SecondsBetweenLooksInDoubt : SecondsBetweenMarks) == 0)
            {
                await LookAsync(stoppingToken);
            }

            wasSuspended = isSuspended;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            clock.Compare(await MeasureAsync(limit.Token));
            if (!clock.IsSuspended)
            {
                await store.MarkAsync(clock.GetInstant(), limit.Token);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnknown(e); // what was known stays known
        }
    }

    /// <summary>How far the database server's clock is ahead; null where it has none of its own.</summary>
    private async Task<TimeSpan?> MeasureAsync(CancellationToken cancellationToken)
    {
        var asked = clock.Read().System;
        var database = await store.ReadClockAsync(cancellationToken);
        var answered = clock.Read().System;
        return database - (asked + ((answered - asked) / 2));
    }

    [LoggerMessage(1603, LogLevel.Debug, "The database did not tell its clock")]
    private partial void LogUnknown(Exception exception);
}
