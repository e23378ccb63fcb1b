using System.Diagnostics;
using System.Security.Cryptography;

namespace MdmOrleans.Benchmarks.Load;

/// <summary>A fleet of devices that check in over raw sockets, cheap enough to share a machine with what it measures.</summary>
internal static class LoadVerb
{
    public const string Usage = """
        load --credentials FILE [--target 127.0.0.1:1883]

        Connects devices over plain MQTT and checks them in, one check-in of about 400 bytes in flight each; a check-in is done when
        its PUBACK and its dn/checkin came. Prints one JSON object a line: settled, measuring, measured, progress every second, and
        last the report with the rate, the latencies in milliseconds and the errors by kind. A lost connection comes back with
        full-jitter back-off and sends again what was not acknowledged. SIGTERM ends it with the report.

          --credentials FILE  lines of: tenant device token
          --connections N     at most so many devices of the file (all)
          --mode MODE         closed: again as soon as answered; open: at --rate, latency counted from when each was due;
                              connect: connect and disconnect in turn; once: connect, check in, disconnect; idle: only connect;
                              storm: all connect at once and check in, counted from the first connect (closed)
          --rate N            check-ins a second of an open loop (1000)
          --warmup N          seconds before it counts (5)
          --warmup-count N    what must be done, too, before it counts, but not for more than ten times --warmup (0)
          --seconds N         seconds that count; 0: until it is told to stop (30)
          --payload WHAT      changing: each check-in has another osVersion; unchanged: only seq differs (changing)
          --apps N            apps in the posture (1; 40 make about 2 kB)
          --protocol N        5, or 4 for MQTT 3.1.1 (5)
          --expect WHAT       answer, or puback for a broker that answers nothing (answer)
          --journal FILE      writes each acknowledged check-in: tenant,device,boot,seq,osVersion
          --opening N         how many connect at a time (64)
          --threads N         (1)
        Needs Linux (epoll).
        """;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        var options = LoadOptions.Parse(arguments);
        var devices = Credential.Read(options.Credentials).Take(options.Connections).ToArray();
        var content = new CheckInContent(
            RandomNumberGenerator.GetHexString(8, lowercase: true), TimeProvider.System.GetUtcNow(), options.Changing, options.Apps);
        using var journal = options.Journal is { } path ? new Journal(path, content) : null;
        var window = new LoadWindow(journal);
        var share = (devices.Length + options.Threads - 1) / options.Threads;
        LoadLoop[] loops = [.. devices.Chunk(share).Select(some =>
            new LoadLoop(options, window, some, content, (double)options.Rate * some.Length / devices.Length))];

        using var progress = new Timer(_ => Report("progress"), null, ProgressEvery, ProgressEvery);
        var running = Task.WhenAll(loops.Select(loop => Task.Factory.StartNew(loop.Run, TaskCreationOptions.LongRunning)));
        var (elapsed, cpu) = await MeasureAsync(options, window, loops, running, Report, stopping);
        window.End();
        await running;
        await progress.DisposeAsync();
        Report("report", LoadReport.From(content.Boot, elapsed, cpu, [.. loops.Select(l => l.Tally)]));
        foreach (var loop in loops)
        {
            loop.Dispose();
        }

        return 0;

        void Report(string what, LoadReport? report = null)
        {
            journal?.Flush();
            var (acknowledged, connected) = (loops.Sum(l => l.Tally.Acknowledged), loops.Sum(l => l.Tally.Connected));
            Console.WriteLine(new LoadLine(what, acknowledged, connected) { Report = report });
        }
    }

    /// <returns>How long it counted, and what CPU this process spent meanwhile.</returns>
    private static async Task<(TimeSpan Elapsed, TimeSpan Cpu)> MeasureAsync(
        LoadOptions options, LoadWindow window, LoadLoop[] loops, Task running,
        Action<string, LoadReport?> report, CancellationToken stopping)
    {
        var settled = Task.WhenAll(loops.Select(l => l.Settled.Task));
        var startedAt = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        try
        {
            window.IsRecording = options.Mode is LoadMode.Once or LoadMode.Storm; // there, what comes before all have settled counts
            if (options.Mode == LoadMode.Storm)
            {
                report("measuring", null);
                await Task.Delay(options.Duration ?? Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
                return Measured();
            }

            await await Task.WhenAny(running, settled).WaitAsync(stopping);
            report("settled", null);
            if (options.Mode != LoadMode.Once)
            {
                await WarmUpAsync(options, loops, stopping);
                report("measuring", null);
                (startedAt, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                window.IsRecording = true;
                await Task.Delay(options.Duration ?? Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop: what was counted so far is the result.
        }

        return Measured();

        (TimeSpan Elapsed, TimeSpan Cpu) Measured()
        {
            window.IsRecording = false;
            var spent = (Stopwatch.GetElapsedTime(startedAt), Environment.CpuUsage.TotalTime - cpu);
            report("measured", null);
            return spent;
        }
    }

    private static async Task WarmUpAsync(LoadOptions options, LoadLoop[] loops, CancellationToken stopping)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await Task.Delay(options.Warmup, TimeProvider.System, stopping);
        while (loops.Sum(l => l.Tally.Done) < options.WarmupCount && Stopwatch.GetElapsedTime(startedAt) < 10 * options.Warmup)
        {
            await Task.Delay(LookEvery, TimeProvider.System, stopping);
        }
    }
}
