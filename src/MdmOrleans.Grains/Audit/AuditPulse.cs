using MdmOrleans.Abstractions.Audit;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Grains.Audit;

/// <summary>Reminds the cluster's audit keeper: when this silo starts, and every five minutes.</summary>
internal sealed partial class AuditPulse(IGrainFactory grains, TimeProvider time, ILogger<AuditPulse> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(AuditPulse), ServiceLifecycleStage.Active + 1, StartAsync, StopAsync);

    public void Dispose() => _stopping.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _work = Task.Run(RepeatAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _work;
    }

    private async Task RepeatAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await KeepAsync();
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return; // the silo stops
        }
    }

    private async Task KeepAsync()
    {
        try
        {
            await grains.GetGrain<IAuditKeeper>(0).KeepAsync(_stopping.Token).WaitAsync(_stopping.Token);
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            LogFailed(e); // whatever it was: without the next try, nothing is anchored any more
        }
    }

    [LoggerMessage(1611, LogLevel.Warning, "Announced changes could not be settled, or chains not anchored; the next try is in five minutes")]
    private partial void LogFailed(Exception exception);
}
