using MdmOrleans.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Retention;

/// <summary>Forgets old months, at start and every hour: what is held up by a long reader is tried again.</summary>
internal sealed partial class HistoryRetentionService(
    HistoryRetention retention, IHistoryPruner pruner, TimeProvider time, ILogger<HistoryRetentionService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await pruner.PruneAsync(retention.CutoffAt(time.GetUtcNow()), stoppingToken);
            }
            catch (StorageUnavailableException e)
            {
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
