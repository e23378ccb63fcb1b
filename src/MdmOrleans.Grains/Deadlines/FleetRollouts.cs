using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Has a fleet judged again, in the background of the grain whose change is the reason.</summary>
internal sealed partial class FleetRollouts(
    IDueDevices due,
    IDeviceQueries queries,
    IGrainFactory grains,
    IOptions<DeadlineOptions> options,
    TimeProvider time,
    ILogger<FleetRollouts> logger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1); // each tick keeps the grain in memory

    /// <summary>Begins at once and tries again whatever fails. One step at a time takes the grain's turn, so a call waits for a page at most.</summary>
    /// <param name="policy">The version by which to judge; null: everything in the tenant is judged again.</param>
    /// <param name="completed">Runs in a turn of the grain.</param>
    public IDisposable Start(IGrainBase grain, TenantId tenant, PolicyVersion? policy, Func<Task> completed)
    {
        FleetRollout? rollout = null;
        IGrainTimer? timer = null;
        timer = grain.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        return timer;

        async Task TickAsync(CancellationToken cancellationToken)
        {
            var wait = RetryPause;
            try
            {
                rollout ??= await PlanAsync(tenant, policy, cancellationToken);
                if (await rollout.StepAsync(cancellationToken) is not { } next)
                {
                    await completed();
                    timer!.Dispose(); // it ticks, so it was returned
                    return;
                }

                wait = next - time.GetUtcNow();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested) // the fleet must not stay judged by what is over
            {
                LogDelayed(e, tenant);
            }

            timer!.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<FleetRollout> PlanAsync(TenantId tenant, PolicyVersion? policy, CancellationToken cancellationToken)
    {
        var fleet = await queries.SummarizeAsync(tenant, new DeviceFilter(), time.GetUtcNow(), cancellationToken);
        var window = TimeSpan.FromSeconds(Math.Max(1, (double)fleet.Devices / options.Value.EvaluationsPerSecond));
        LogBegun(tenant, fleet.Devices, window.TotalSeconds);
        return new FleetRollout(due, grains, time, tenant, policy, window);
    }

    [LoggerMessage(1421, LogLevel.Information, "A policy of tenant {Tenant} changed; devices to judge again: {Devices}, within {Seconds:F0} s")]
    private partial void LogBegun(TenantId tenant, long devices, double seconds);

    [LoggerMessage(1422, LogLevel.Warning, "Judging the devices of tenant {Tenant} again is delayed and resumes by itself")]
    private partial void LogDelayed(Exception exception, TenantId tenant);
}
