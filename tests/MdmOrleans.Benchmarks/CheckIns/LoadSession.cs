using System.Globalization;
using System.Net;
using MdmOrleans.Benchmarks.Load;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>A load generator in a process of its own, and what it says.</summary>
internal sealed class LoadSession : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private LoadSession(ChildProcess process) => _process = process;

    public static LoadSession Start(IPEndPoint target, string credentials, string mode, params string[] more) => new(ChildProcess.Start(
        "the load generator",
        "dotnet",
        [MdmServer.BenchmarkAssembly, "load", "--target", target.ToString(), "--credentials", credentials, "--mode", mode, .. more],
        isRead: true));

    /// <summary>The one that sends commands and takes them.</summary>
    public static LoadSession StartCommands(MdmServer server, string adminKey, string credentials, string mode, params string[] more) =>
        new(ChildProcess.Start(
            "the load generator",
            "dotnet",
            [
                MdmServer.BenchmarkAssembly, "command-load", "--target", server.Mqtt.ToString(), "--http", server.Http.BaseAddress!.ToString(),
                "--key", adminKey, "--credentials", credentials, "--mode", mode, .. more,
            ],
            isRead: true)); // a started server has an address

    /// <summary>Reads on until it says that it is there.</summary>
    public async Task<LoadLine> WaitForAsync(string what, CancellationToken cancellationToken)
    {
        await foreach (var line in _process.Output.ReadAllAsync(cancellationToken))
        {
            if (LoadLine.TryRead(line) is { } said && said.Event == what)
            {
                return said;
            }
        }

        throw _process.Failure($"ended before it was {what}");
    }

    /// <summary>One run through to its report, with the CPU that everybody spent on it in between.</summary>
    public async Task<Measurement> MeasureAsync(int server, int? database, CancellationToken cancellationToken)
    {
        await WaitForAsync("measuring", cancellationToken);
        var (serverBefore, databaseBefore) = Sample();
        await WaitForAsync("measured", cancellationToken);
        var (serverAfter, databaseAfter) = Sample();
        var report = (await WaitForAsync("report", cancellationToken)).Report!; // a report line always has one
        var count = Math.Max(report.Completed, 1);
        return new Measurement(
            report,
            (serverAfter - serverBefore) / count,
            (databaseAfter - databaseBefore) / count,
            TimeSpan.FromSeconds(report.CpuSeconds) / count);

        (TimeSpan Server, TimeSpan Database) Sample() =>
            (ProcessTree.CpuTime(server), database is { } id ? ProcessTree.CpuTime(id) : TimeSpan.Zero);
    }

    /// <summary>Ends a run without an end of its own.</summary>
    public async Task<LoadReport> StopAsync(CancellationToken cancellationToken)
    {
        _process.SendStop();
        return (await WaitForAsync("report", cancellationToken)).Report!; // a report line always has one
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <param name="Server">CPU time for one check-in, as of the others.</param>
/// <param name="Database">Zero where it has no process of its own.</param>
internal sealed record Measurement(LoadReport Report, TimeSpan Server, TimeSpan Database, TimeSpan Generator);
