using System.Globalization;
using MdmOrleans.Benchmarks.CheckIns;

namespace MdmOrleans.Benchmarks.Deadlines;

/// <summary>What falls due while nobody is there, and while somebody leaves without a word.</summary>
internal sealed class DeadlineFailures(DeadlinesOptions options, DeadlineScene scene, DueResults results)
{
    private const int HourOfDailies = 4200; // of 100,000 devices
    private static readonly TimeSpan Down = TimeSpan.FromHours(1);
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Scenarios.Contains(DeadlinesVerb.Overdue))
        {
            await RunOverdueAsync(HourOfDailies, cancellationToken);
            await RunOverdueAsync(options.Twins, cancellationToken);
        }

        if (options.Scenarios.Contains(DeadlinesVerb.Kill))
        {
            await RunKillAsync(cancellationToken);
        }
    }

    private async Task RunOverdueAsync(int count, CancellationToken cancellationToken)
    {
        Results.Progress("overdue ...");
        var now = TimeProvider.System.GetUtcNow();
        await scene.Plan.MakeAsync(count, now - Down, now, cancellationToken, countsActs: true);
        await using var server = await scene.StartServerAsync(cancellationToken);
        var readyAt = TimeProvider.System.GetUtcNow();
        await scene.Plan.WaitAsync(now, cancellationToken);
        var outcomes = await scene.Plan.ReadAsync(readyAt + Promise, cancellationToken);
        results.Add(DeadlinesVerb.Overdue, outcomes, outcomes.FirstActedAt, null, null, string.Create(
            CultureInfo.InvariantCulture,
            $"{outcomes.ByMark:N0} within 5 s of readiness, the last {(outcomes.LastActedAt - readyAt).TotalSeconds:F1} s after it"));
    }

    private async Task RunKillAsync(CancellationToken cancellationToken)
    {
        Results.Progress("kill ...");
        var count = Math.Min(options.Rate * options.Seconds, options.Twins);
        await using var stays = await scene.StartServerAsync(cancellationToken);
        await using var dies = await scene.StartServerAsync(cancellationToken);
        var from = DeadlineScenarios.NextStart(count);
        var until = from + TimeSpan.FromSeconds((double)count / options.Rate);
        await scene.Plan.MakeAsync(count, from, until, cancellationToken, countsActs: true);
        await DeadlineScene.UntilAsync(from + ((until - from) / 4), cancellationToken);
        dies.Kill();
        await DeadlineScene.UntilAsync(until, cancellationToken);
        await scene.Plan.WaitAsync(until, cancellationToken);
        results.Add(
            DeadlinesVerb.Kill, await scene.Plan.ReadAsync(DateTimeOffset.MaxValue, cancellationToken), from, null, null,
            "one of two servers killed after a quarter");
    }
}
