using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>How many check-ins a second, how soon, and at what price.</summary>
internal sealed class ThroughputScenarios(CheckInsOptions options, Stage stage, Results results)
{
    // By then the runtime has compiled the path for good, also where a busy machine lets it do so slowly only.
    private const int WarmupForEach = 50;

    /// <summary>The server as it ships, on the database that was asked for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync("mdm", options.OnPostgres, cancellationToken);
        await using var server = await MdmServer.StartAsync(prepared, cancellationToken);
        var devices = await ProvisionAsync(server, cancellationToken);
        await RunAsync(CheckInsOptions.Changing, server, devices, "closed", cancellationToken, "--payload", "changing");
        await RunAsync(CheckInsOptions.Unchanged, server, devices, "closed", cancellationToken, "--payload", "unchanged");
        await RunAsync(CheckInsOptions.HalfRate, server, devices, "open", cancellationToken, "--rate", LoadSession.Text(HalfRate()));
        await RunAsync(CheckInsOptions.Connect, server, devices, "connect", cancellationToken);
    }

    /// <summary>The same on the database that a server without configuration has.</summary>
    public async Task RunSqliteAsync(CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync("mdm_sqlite", onPostgres: false, cancellationToken);
        await using var server = await MdmServer.StartAsync(prepared, cancellationToken);
        var devices = await ProvisionAsync(server, cancellationToken);
        await RunAsync(CheckInsOptions.Sqlite, server, devices, "closed", cancellationToken);
    }

    /// <summary>Our grains on the storage that Orleans brings.</summary>
    public async Task RunStockStorageAsync(string scenario, string history, CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync($"stock_{history}", onPostgres: true, cancellationToken);
        prepared = prepared with { Assembly = MdmServer.BenchmarkAssembly, Verb = ["host-adonet", "--history", history] };
        await using var server = await MdmServer.StartAsync(prepared, cancellationToken);
        var devices = await ProvisionAsync(server, cancellationToken);
        await RunAsync(scenario, server, devices, "closed", cancellationToken);
    }

    /// <summary>Our endpoint with nothing behind it.</summary>
    public async Task RunEchoAsync(CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync("echo", onPostgres: false, cancellationToken);
        prepared = prepared with { Assembly = MdmServer.BenchmarkAssembly, Verb = ["host-echo"] };
        await using var server = await MdmServer.StartAsync(prepared, cancellationToken);
        var devices = await stage.WriteAsync(Fleet.Unregistered(options.Connections), cancellationToken);
        await RunAsync(CheckInsOptions.Echo, server, devices, "closed", cancellationToken);
    }

    /// <summary>A broker that takes the same publishes.</summary>
    public async Task RunMosquittoAsync(CancellationToken cancellationToken)
    {
        if (!MosquittoServer.IsInstalled)
        {
            throw new BenchmarkException("mosquitto is missing: apt-get install mosquitto, or leave it out with --scenario.");
        }

        var (process, target) = await MosquittoServer.StartAsync(stage.Work, cancellationToken);
        await using (process)
        {
            var devices = await stage.WriteAsync(Fleet.Unregistered(options.Connections), cancellationToken);
            await using var load = LoadSession.Start(target, devices, "closed", [.. Common, "--expect", "puback"]);
            results.Add(CheckInsOptions.Mosquitto, await load.MeasureAsync(process.Id, null, cancellationToken));
        }
    }

    private string[] Common =>
    [
        "--connections", LoadSession.Text(options.Connections), "--seconds", LoadSession.Text(options.Seconds),
        "--warmup", LoadSession.Text(options.Warmup), "--warmup-count", LoadSession.Text(WarmupForEach * options.Connections),
        "--protocol", LoadSession.Text(options.Protocol),
    ];

    private async Task RunAsync(
        string scenario, MdmServer server, string devices, string mode, CancellationToken cancellationToken, params string[] more)
    {
        if (options.Wants(scenario))
        {
            Results.Progress($"{scenario} ...");
            await using var load = LoadSession.Start(server.Mqtt, devices, mode, [.. Common, .. more]);
            results.Add(scenario, await load.MeasureAsync(server.Id, stage.DatabaseId, cancellationToken));
        }
    }

    private async Task<string> ProvisionAsync(MdmServer server, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await Fleet.CreateTenantAsync(server.Http, cancellationToken);
        var devices = await Fleet.CreateDevicesAsync(server.Http, 0, options.Connections, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        Results.Progress(string.Create(CultureInfo.InvariantCulture, $"{devices.Length} devices made over HTTP in {seconds:F1} s"));
        return await stage.WriteAsync(devices, cancellationToken);
    }

    private int HalfRate() => options.Rate
        ?? (results[CheckInsOptions.Changing] is { } changing
            ? (int)Math.Max(changing.Report.PerSecond / 2, 1)
            : options.Wants(CheckInsOptions.HalfRate)
                ? throw new BadArgumentException("half-rate needs --rate, or changing in the same run.")
                : 1);
}
