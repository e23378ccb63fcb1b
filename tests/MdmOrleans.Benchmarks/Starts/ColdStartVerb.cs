using MdmOrleans.Benchmarks.CheckIns;

namespace MdmOrleans.Benchmarks.Starts;

/// <summary>What the first seconds of a server cost, where a whole fleet reconnects as soon as it is ready.</summary>
internal static class ColdStartVerb
{
    public const string Usage = """
        cold-start

        Makes a fleet, and then starts the server once for each variant and round: from the instant of its readiness all devices connect
        at once and check in as fast as they are answered. Prints for each variant the time to readiness, and of the seconds after it
        the acknowledged check-ins, their latencies, and the CPU of the server for one of them. The last row of each round is the
        first variant again after a warm-up, which is what it would cost without a cold start.

          --variants LIST     NAME=ASSEMBLY[,KEY=VALUE...] with ; between: servers to start, and what to set in their environment
                              (jit, which is the build beside this one)
          --connections N     devices (2000)
          --seconds N         that count after readiness (10)
          --rounds N          (3)

        Needs what checkins needs.
        """;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var variants = ColdStartVariant.Parse(arguments.Text("variants"));
        var connections = arguments.Integer("connections", 2000, 1, 20_000);
        var seconds = arguments.Integer("seconds", 10, 1, 600);
        var rounds = arguments.Integer("rounds", 3, 1, 100);
        arguments.RefuseRest();

        await using var stage = new Stage();
        var starts = new ColdStarts(stage, connections, seconds);
        try
        {
            await starts.PrepareAsync(variants[0], stopping);
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var variant in variants)
                {
                    await starts.RunAsync(variant, isWarm: false, stopping);
                }

                await starts.RunAsync(variants[0], isWarm: true, stopping);
            }
        }
        catch (BenchmarkException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            starts.Print();
            return 1;
        }

        starts.Print();
        return 0;
    }
}
