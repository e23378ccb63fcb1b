using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.Deadlines;

/// <summary>What falls due while one server runs.</summary>
internal sealed class DeadlineScenarios(DeadlinesOptions options, DeadlineScene scene, DueResults results)
{
    private const int OfCost = 40_000;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BurstWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CheckInsBefore = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ToWake = TimeSpan.FromMilliseconds(1); // one, on a slow machine

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Scenarios.Any(scenario => scenario is DeadlinesVerb.Cost or DeadlinesVerb.Burst or DeadlinesVerb.Steady or DeadlinesVerb.Preview))
        {
            return;
        }

        await using var server = await scene.StartServerAsync(cancellationToken);
        Results.Progress("warm-up ...");
        var some = Math.Min(options.Twins / 2, OfCost);
        await RunAsync(null, server, some, AtOnce, cancellationToken);
        if (options.Scenarios.Contains(DeadlinesVerb.Cost))
        {
            await RunAsync(null, server, some, AtOnce, cancellationToken, areResident: true);
            await RunAsync(DeadlinesVerb.Cost, server, some, AtOnce, cancellationToken);
            await RunAsync($"{DeadlinesVerb.Cost}: resident", server, some, AtOnce, cancellationToken, areResident: true);
        }

        if (options.Scenarios.Contains(DeadlinesVerb.Burst))
        {
            await RunBurstAsync(server, cancellationToken);
        }

        if (options.Scenarios.Contains(DeadlinesVerb.Steady))
        {
            var count = Math.Min(options.Rate * options.Seconds, options.Twins);
            await RunAsync(DeadlinesVerb.Steady, server, count, TimeSpan.FromSeconds((double)count / options.Rate), cancellationToken);
        }

        if (options.Scenarios.Contains(DeadlinesVerb.Preview))
        {
            await RunPreviewAsync(server, cancellationToken);
        }
    }

    /// <summary>When devices that are made due now will have been seen by the shards, which look ahead twice in a horizon.</summary>
    public static DateTimeOffset NextStart(int count) =>
        TimeProvider.System.GetUtcNow() + (DeadlineShards.Horizon / 2) + TimeSpan.FromSeconds(5) + (count * TimeSpan.FromMicroseconds(150));

    private async Task RunAsync(
        string? scenario, MdmServer server, int count, TimeSpan window, CancellationToken cancellationToken, bool areResident = false)
    {
        var from = NextStart(count) + (areResident ? count * ToWake : TimeSpan.Zero);
        await scene.Plan.MakeAsync(count, from, from + window, cancellationToken);
        if (areResident)
        {
            await Fleet.ReadDevicesAsync(server.Http, await scene.Plan.ListAsync(cancellationToken), cancellationToken);
        }

        await DeadlineScene.UntilAsync(from, cancellationToken);
        var before = scene.Sample(server);
        await DeadlineScene.UntilAsync(from + window, cancellationToken);
        await scene.Plan.WaitAsync(from + window, cancellationToken);
        var after = scene.Sample(server);
        if (scenario is not null)
        {
            var outcomes = await scene.Plan.ReadAsync(DateTimeOffset.MaxValue, cancellationToken);
            results.Add(scenario, outcomes, from, after.Server - before.Server, after.Database - before.Database, string.Empty);
        }
    }

    private async Task RunBurstAsync(MdmServer server, CancellationToken cancellationToken)
    {
        Results.Progress("burst: check-ins alone ...");
        Measurement alone;
        await using (var load = StartCheckIns(server, 10))
        {
            alone = await load.MeasureAsync(server.Id, scene.Database, cancellationToken);
        }

        Results.Progress("burst ...");
        var from = NextStart(options.Twins);
        var until = from + BurstWindow;
        await scene.Plan.MakeAsync(options.Twins, from, until, cancellationToken);
        await DeadlineScene.UntilAsync(from - CheckInsBefore - TimeSpan.FromSeconds(5), cancellationToken);
        await using var meanwhile = StartCheckIns(server, 0);
        await meanwhile.WaitForAsync("measuring", cancellationToken);
        var before = scene.Sample(server);
        await DeadlineScene.UntilAsync(until, cancellationToken);
        await scene.Plan.WaitAsync(until, cancellationToken);
        var after = scene.Sample(server);
        var report = await meanwhile.StopAsync(cancellationToken);
        var outcomes = await scene.Plan.ReadAsync(DateTimeOffset.MaxValue, cancellationToken);
        results.Add(
            DeadlinesVerb.Burst, outcomes, outcomes.FirstDueAt,
            after.Server - before.Server - (report.Completed * alone.Server),
            after.Database - before.Database - (report.Completed * alone.Database),
            string.Create(
                CultureInfo.InvariantCulture,
                $"check-ins p99 {alone.Report.P99:F1} ms alone, {report.P99:F1} ms meanwhile ({report.PerSecond:N0} a second)"));
    }

    private async Task RunPreviewAsync(MdmServer server, CancellationToken cancellationToken)
    {
        Results.Progress("preview: check-ins alone ...");
        Measurement alone;
        await using (var load = StartCheckInsAtFullRate(server, 15))
        {
            alone = await load.MeasureAsync(server.Id, scene.Database, cancellationToken);
        }

        Results.Progress("preview ...");
        await using var meanwhile = StartCheckInsAtFullRate(server, 0);
        await meanwhile.WaitForAsync("measuring", cancellationToken);
        var startedAt = Stopwatch.GetTimestamp();
        await Fleet.PreviewAsync(server.Http, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(startedAt);
        var report = await meanwhile.StopAsync(cancellationToken);
        results.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"preview: {options.Twins:N0} devices in {elapsed.TotalSeconds:F1} s; check-ins {alone.Report.PerSecond:N0} a second alone, "
            + $"{report.PerSecond:N0} meanwhile ({report.PerSecond / alone.Report.PerSecond:P0}), p99 {alone.Report.P99:F0} and {report.P99:F0} ms"));
    }

    private LoadSession StartCheckInsAtFullRate(MdmServer server, int seconds) => LoadSession.Start(
        server.Mqtt, scene.CheckingIn, "closed", "--connections", LoadSession.Text(options.Connections), "--payload", "changing",
        "--warmup", "5", "--seconds", LoadSession.Text(seconds));

    private LoadSession StartCheckIns(MdmServer server, int seconds) => LoadSession.Start(
        server.Mqtt, scene.CheckingIn, "open", "--connections", LoadSession.Text(options.Connections), "--rate", LoadSession.Text(options.CheckIns),
        "--warmup", "3", "--seconds", LoadSession.Text(seconds));
}
