using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Storage.Postgres;

/// <summary>Makes the coming months' partitions at start and once a day. Three months ahead, so a few failed days do not matter.</summary>
internal sealed partial class EventPartitionsService(EventPartitions partitions, TimeProvider time, ILogger<EventPartitionsService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var day = new PeriodicTimer(TimeSpan.FromDays(1), time);
        do
        {
            try
            {
                await partitions.PrepareAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException) // it must not take the server down with it
            {
                LogFailed(e);
            }
        }
        while (await day.WaitForNextTickAsync(stoppingToken));
    }
}
