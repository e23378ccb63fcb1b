using System.Diagnostics.Metrics;
using MdmOrleans.Abstractions.Telemetry;
using MdmOrleans.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Api.Telemetry;

/// <summary>Gauges of every tenant's fleet, as the database counted it within the last minute. All servers with the role <c>api</c> publish the same figures.</summary>
/// <remarks>Where the count fails, the gauges are absent until it succeeds again: an old figure would look like a healthy one.</remarks>
internal sealed partial class FleetGauges : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly IGrainFactory _grains;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger<FleetGauges> _logger;
    private volatile FleetCount[] _counts = [];

    public FleetGauges(IMeterFactory meters, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<FleetGauges> logger)
    {
        (_grains, _lifetime, _time, _logger) = (grains, lifetime, time, logger);
        var meter = meters.Create("MdmOrleans");
        Observe(meter, "lifecycle", "Devices by lifecycle.", fleet => fleet.Lifecycle.Select(count => (count.Key.ToWire(), count.Value)));
        Observe(meter, "compliance", "Devices by compliance.", fleet => fleet.Compliance.Select(count => (count.Key.ToWire(), count.Value)));
        Observe(meter, "access", "Devices by access.", fleet => fleet.Access.Select(count => (count.Key.ToWire(), count.Value)));
        meter.CreateObservableGauge(
            "mdm.fleet.held", () => _counts.Select(fleet => Measure(fleet, fleet.Held)), "{device}", "Devices with a command that waits for a person.");
        meter.CreateObservableGauge(
            "mdm.fleet.operations", () => _counts.Select(fleet => Measure(fleet, fleet.Operations)), "{operation}", "Operations that are not settled.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await StartedAsync(stoppingToken))
        {
            return;
        }

        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            await RefreshAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            _counts = [.. await _grains.GetGrain<IFleetCensus>(0).ReadAsync(cancellationToken)];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) // whatever it is, the next minute tries again
        {
            _counts = [];
            LogFailed(e);
        }
    }

    // The silo answers calls only when the host has started.
    private async Task<bool> StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource();
        await using var onStarted = _lifetime.ApplicationStarted.Register(started.SetResult);
        await using var onStopping = stopping.Register(() => started.TrySetCanceled(stopping));
        await ((Task)started.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !stopping.IsCancellationRequested;
    }

    private void Observe(Meter meter, string what, string description, Func<FleetCount, IEnumerable<(string State, long Devices)>> read) =>
        meter.CreateObservableGauge(
            $"mdm.fleet.{what}",
            () => _counts.SelectMany(fleet => read(fleet).Select(count => Measure(fleet, count.Devices, KeyValuePair.Create<string, object?>(what, count.State)))),
            "{device}",
            description);

    private static Measurement<long> Measure(FleetCount fleet, long value, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        new(value, [new("tenant", fleet.Tenant.Name), .. tags]);

    [LoggerMessage(3401, LogLevel.Warning, "The fleets could not be counted; their gauges are absent until the count succeeds")]
    private partial void LogFailed(Exception exception);
}
