using System.Diagnostics;
using System.Globalization;
using MdmOrleans.Benchmarks.CheckIns;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.Starts;

/// <summary>Starts a server on the data of one fleet again and again.</summary>
internal sealed class ColdStarts(Stage stage, int connections, int seconds)
{
    private const int WarmupForEach = 50;
    private readonly List<(string Name, double ReadySeconds, Measurement Measured)> _rows = [];
    private MdmServerOptions _options = null!; // set in PrepareAsync, as is the file
    private string _devices = null!;

    /// <summary>A fleet that was there before the server was restarted.</summary>
    public async Task PrepareAsync(ColdStartVariant variant, CancellationToken cancellationToken)
    {
        _options = await stage.PrepareAsync("mdm", onPostgres: true, cancellationToken);
        await using var server = await MdmServer.StartAsync(With(variant), cancellationToken);
        await Fleet.CreateTenantAsync(server.Http, cancellationToken);
        _devices = await stage.WriteAsync(await Fleet.CreateDevicesAsync(server.Http, 0, connections, cancellationToken), cancellationToken);
        await MeasureAsync(server, cancellationToken); // first check-ins insert what later ones only update
    }

    public async Task RunAsync(ColdStartVariant variant, bool isWarm, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await using var server = await MdmServer.StartAsync(With(variant), cancellationToken);
        var ready = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        var measured = isWarm ? await MeasureWarmAsync(server, cancellationToken) : await MeasureAsync(server, cancellationToken);
        _rows.Add((isWarm ? $"{variant.Name}, warm" : variant.Name, ready, measured));
        Results.Progress(Row(_rows[^1]));
    }

    public void Print()
    {
        Console.WriteLine("""
            | variant | ready after s | check-ins a second | p50 ms | p99 ms | server µs | database µs | errors |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """);
        foreach (var row in _rows.OrderBy(row => row.Name, StringComparer.Ordinal))
        {
            Console.WriteLine(Row(row));
        }
    }

    private MdmServerOptions With(ColdStartVariant variant) => _options with { Assembly = variant.Assembly, Environment = variant.Environment };

    private async Task<Measurement> MeasureAsync(MdmServer server, CancellationToken cancellationToken)
    {
        await using var load = LoadSession.Start(
            server.Mqtt, _devices, "storm", "--opening", LoadSession.Text(connections), "--seconds", LoadSession.Text(seconds));
        return await load.MeasureAsync(server.Id, stage.DatabaseId, cancellationToken);
    }

    private async Task<Measurement> MeasureWarmAsync(MdmServer server, CancellationToken cancellationToken)
    {
        await using var load = LoadSession.Start(
            server.Mqtt, _devices, "closed", "--seconds", LoadSession.Text(seconds),
            "--warmup", "5", "--warmup-count", LoadSession.Text(WarmupForEach * connections));
        return await load.MeasureAsync(server.Id, stage.DatabaseId, cancellationToken);
    }

    private static string Row((string Name, double ReadySeconds, Measurement Measured) row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Name} | {row.ReadySeconds:F1} | {row.Measured.Report.PerSecond:N0} | {row.Measured.Report.P50:F1} | {row.Measured.Report.P99:F1} "
        + $"| {row.Measured.Server.TotalMicroseconds:F1} | {row.Measured.Database.TotalMicroseconds:F1} | {row.Measured.Report.Errors.Values.Sum()} |");
}
