namespace MdmOrleans.Agent.Simulation;

/// <summary>Shows once a second what a fleet does: one line that is written again on a terminal, plain lines elsewhere.</summary>
internal sealed class ProgressLine(FleetStatistics statistics, TextWriter output, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private int _longest;

    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Pace, time);
        using var stopped = stop.Register(timer.Dispose); // which ends the wait without an exception
        var before = 0L;
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            var fleet = statistics.Snapshot();
            await ShowAsync(FleetReport.Line(fleet, (fleet.CheckIns - before) / Pace.TotalSeconds));
            before = fleet.CheckIns;
        }

        if (isTerminal && _longest > 0)
        {
            await output.WriteLineAsync();
        }
    }

    private async Task ShowAsync(string line)
    {
        if (!isTerminal)
        {
            await output.WriteLineAsync(line);
            return;
        }

        _longest = Math.Max(_longest, line.Length);
        await output.WriteAsync($"\r{line.PadRight(_longest)}"); // over what a longer line has left
        await output.FlushAsync();
    }
}
