using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using MdmOrleans.Benchmarks.Load;

namespace MdmOrleans.Benchmarks.Commands;

/// <summary>The load generator of <c>commands</c>, in a process of its own; it prints the same lines as <c>load</c>.</summary>
internal static class CommandLoadVerb
{
    public const string Usage = """
        command-load --target ADDRESS --http URL --key FILE --credentials FILE --mode push|life|offer|wipe

        Started by 'commands'.

          --rate N         commands a second in push (1000)
          --at-a-time N    requests under way in offer and wipe (16)
          --warmup N       seconds before it counts (5)
          --seconds N      seconds that count (20)
        """;

    // So many requests under way that these never bound the rate: each waits for a commit.
    private const int Connections = 256;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var target = IPEndPoint.Parse(arguments.Required("target"));
        var address = new Uri(arguments.Required("http"));
        var key = (await File.ReadAllTextAsync(arguments.Required("key"), stopping)).Trim();
        var devices = Credential.Read(arguments.Required("credentials"));
        var mode = arguments.OneOf("mode", "life", "push", "life", "offer", "wipe");
        var (rate, atATime) = (arguments.Integer("rate", 1000, 1, 100_000), arguments.Integer("at-a-time", 16, 1, 4096));
        var (warmup, seconds) = (arguments.Integer("warmup", 5, 0, 600), arguments.Integer("seconds", 20, 1, 3600));
        arguments.RefuseRest();

        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Connections };
        using var http = new HttpClient(handler) { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var load = new CommandLoad(http, target, devices);
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (mode is "offer" or "wipe")
        {
            settled.SetResult();
        }

        if (mode == "wipe")
        {
            Say("measuring");
            load.Record(true);
        }

        var (startedAt, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var running = mode switch
        {
            "push" => load.PushAsync(rate, settled.SetResult),
            "life" => load.LiveAsync(settled.SetResult),
            "offer" => load.OfferAsync(atATime),
            _ => load.WipeAsync(atATime),
        };
        if (mode == "wipe")
        {
            await running;
        }
        else
        {
            await await Task.WhenAny(running, settled.Task);
            await Task.Delay(TimeSpan.FromSeconds(warmup), TimeProvider.System, stopping);
            Say("measuring");
            load.Record(true);
            (startedAt, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, stopping);
        }

        load.Record(false);
        var (elapsed, spent) = (Stopwatch.GetElapsedTime(startedAt), Environment.CpuUsage.TotalTime - cpu);
        Say("measured");
        load.End();
        await running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, stopping);
        Console.WriteLine(new LoadLine("report", load.Tally.Done, devices.Length) { Report = LoadReport.From("", elapsed, spent, [load.Tally]) });
        return 0;

        void Say(string what) => Console.WriteLine(new LoadLine(what, load.Tally.Done, devices.Length));
    }
}
