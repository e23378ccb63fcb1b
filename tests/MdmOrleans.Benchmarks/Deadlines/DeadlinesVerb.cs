using System.Collections.Immutable;
using MdmOrleans.Benchmarks.CheckIns;

namespace MdmOrleans.Benchmarks.Deadlines;

/// <summary>Devices that act without being spoken to, from end to end.</summary>
internal static class DeadlinesVerb
{
    public const string Burst = "burst";
    public const string Steady = "steady";
    public const string Overdue = "overdue";
    public const string Kill = "kill";
    public const string Cost = "cost";
    public const string Preview = "preview";

    public const string Usage = """
        deadlines

        Stores a fleet that was made long ago and is in no server's memory, has it fall due, and prints when each device acted (the
        commit of its row), how many did a second, whether any never did or, where no CPU is measured, did twice, and the CPU for one
        of them.

          cost     many within a second, and nothing else: the price of a deadline that changes nothing but its next instant, for
                   devices that are in no memory and for such as are, as those that check in
          burst    the whole fleet within ten seconds, while other devices check in
          steady   a few a second: how late
          overdue  all that was due in the hour before the server starts: 4,200 devices, then the whole fleet
          kill     as steady, on two servers, of which one is killed
          preview  what a stricter policy would do to the whole fleet, while other devices check in as fast as they can

          --scenario LIST    some of them, with commas between (all)
          --twins N          devices of the fleet (100000)
          --connections N    devices that check in meanwhile (500)
          --checkins N       check-ins a second of theirs (500)
          --rate N           due a second in steady and kill (116)
          --seconds N        of steady and kill (60)

        Needs what 'checkins' needs, without mosquitto.
        """;

    private static readonly ImmutableArray<string> All = [Cost, Burst, Steady, Preview, Overdue, Kill];

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var scenarios = (arguments.Text("scenario") ?? "all").Split(',');
        var options = new DeadlinesOptions(
            scenarios is ["all"] ? All : [.. scenarios],
            arguments.Integer("twins", 100_000, 5000, 10_000_000),
            arguments.Integer("connections", 500, 1, 20_000),
            arguments.Integer("checkins", 500, 1, 100_000),
            arguments.Integer("rate", 116, 1, 100_000),
            arguments.Integer("seconds", 60, 1, 3600));
        arguments.RefuseRest();
        if (options.Scenarios.Except(All).FirstOrDefault() is { } unknown)
        {
            throw new BadArgumentException($"There is no scenario {unknown}: all, or some of {string.Join(',', All)}.");
        }

        var results = new DueResults();
        await using var stage = new Stage(DuePlan.Setting);
        try
        {
            await using var scene = await DeadlineScene.CreateAsync(options, stage, stopping);
            await new DeadlineScenarios(options, scene, results).RunAsync(stopping);
            await new DeadlineFailures(options, scene, results).RunAsync(stopping);
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            results.Print();
            return 1;
        }

        results.Print();
        return 0;
    }
}

/// <param name="CheckIns">A second, by <paramref name="Connections"/> devices.</param>
/// <param name="Rate">Due a second.</param>
internal sealed record DeadlinesOptions(ImmutableArray<string> Scenarios, int Twins, int Connections, int CheckIns, int Rate, int Seconds);
