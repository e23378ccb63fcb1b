using System.Collections.Immutable;
using MdmOrleans.Benchmarks.CheckIns;

namespace MdmOrleans.Benchmarks.Commands;

/// <summary>Commands from the request to the device and back.</summary>
internal static class CommandsVerb
{
    public const string Push = "push";
    public const string Life = "life";
    public const string Queued = "queued";
    public const string Wipes = "wipes";
    public const string Bulk = "bulk";

    public const string Usage = """
        commands

        Prints for each scenario: commands a second, latencies, and the CPU for one command in server, database and generator.

          life    queued over HTTP, pushed, acknowledged, reported received and succeeded, each step durable; one at a time a device
          push    at a given rate to connected devices, from when the request was due until the device's socket has it
          queued  for a device that is away and then connects: the request, and the wait of the device; once with 1,000 commands
                  queued in the fleet and once with a million
          wipes   one for each device of a fleet at once, with one key: how many pass and how many are held
          bulk    one request for a whole fleet that is away: how soon it is taken, planned, queued and withdrawn, and how old its
                  progress is

          --scenario LIST    some of them, with commas between (all)
          --connections N    devices that are connected, or connect (1000)
          --rate N           commands a second of push (1000)
          --warmup N         seconds before, of life, push and queued: so long does the runtime compile what a request goes through (40)
          --seconds N        that count, for each scenario (20)
          --queued N         commands queued in the fleet in the second part of queued (1000000)
          --wipes N          devices to wipe (10000)
          --fleet N          devices of bulk (100000)

        Needs what 'checkins' needs, without mosquitto.
        """;

    private static readonly ImmutableArray<string> All = [Life, Push, Queued, Wipes, Bulk];

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var scenarios = (arguments.Text("scenario") ?? "all").Split(',');
        var options = new CommandsOptions(
            scenarios is ["all"] ? All : [.. scenarios],
            arguments.Integer("connections", 1000, 16, 20_000),
            arguments.Integer("rate", 1000, 1, 100_000),
            arguments.Integer("warmup", 40, 0, 600),
            arguments.Integer("seconds", 20, 1, 3600),
            arguments.Integer("queued", 1_000_000, 1000, 10_000_000),
            arguments.Integer("wipes", 10_000, 1, 1_000_000),
            arguments.Integer("fleet", 100_000, 1, 10_000_000));
        arguments.RefuseRest();
        if (options.Scenarios.Except(All).FirstOrDefault() is { } unknown)
        {
            throw new BadArgumentException($"There is no scenario {unknown}: all, or some of {string.Join(',', All)}.");
        }

        var results = new Results();
        await using var stage = new Stage();
        try
        {
            await new CommandScenarios(options, stage, results).RunAsync(stopping);
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

/// <param name="Rate">Of push, a second.</param>
internal sealed record CommandsOptions(
    ImmutableArray<string> Scenarios, int Connections, int Rate, int Warmup, int Seconds, int Queued, int Wipes, int Fleet);
