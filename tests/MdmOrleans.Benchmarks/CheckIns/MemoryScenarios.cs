using System.Globalization;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>What a connection that says nothing costs, and a twin that stays in memory.</summary>
internal sealed class MemoryScenarios(CheckInsOptions options, Stage stage, Results results)
{
    private const string AppsOfTheTwin = "40";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var prepared = await stage.PrepareAsync("memory", options.OnPostgres, cancellationToken);
        var count = Math.Max(options.Twins, options.Connections);
        string devices;
        await using (var server = await MdmServer.StartAsync(prepared, cancellationToken))
        {
            await Fleet.CreateTenantAsync(server.Http, cancellationToken);
            devices = await stage.WriteAsync(await Fleet.CreateDevicesAsync(server.Http, 0, count, cancellationToken), cancellationToken);
        }

        // A new process: making the devices left their twins in the old one's memory.
        await using (var server = await MdmServer.StartAsync(prepared, cancellationToken))
        {
            await MeasureTwinsAsync(server, devices, cancellationToken);
            await MeasureConnectionsAsync(server, devices, cancellationToken);
        }
    }

    private async Task MeasureTwinsAsync(MdmServer server, string devices, CancellationToken cancellationToken)
    {
        // One of them first, so that what a server loads and compiles only once is not counted as twins.
        await CheckInOnceAsync(server, devices, 1, cancellationToken);
        var before = await Footprint.TakeAsync(server.Id, cancellationToken);
        await CheckInOnceAsync(server, devices, options.Twins, cancellationToken);
        var after = await Footprint.TakeAsync(server.Id, cancellationToken);
        results.Add(
            string.Create(CultureInfo.InvariantCulture, $"resident twin with {AppsOfTheTwin} apps, everything included ({options.Twins:N0} twins)"),
            after.ForEach(before, options.Twins));
    }

    /// <summary>The twins of those that connect are there already: only what the connection adds is counted.</summary>
    private async Task MeasureConnectionsAsync(MdmServer server, string devices, CancellationToken cancellationToken)
    {
        await CheckInOnceAsync(server, devices, options.Connections, cancellationToken);
        var before = await Footprint.TakeAsync(server.Id, cancellationToken);
        await using var load = LoadSession.Start(
            server.Mqtt, devices, "idle", "--connections", LoadSession.Text(options.Connections), "--warmup", "0", "--seconds", "0");
        await load.WaitForAsync("settled", cancellationToken);
        var after = await Footprint.TakeAsync(server.Id, cancellationToken);
        results.Add(
            string.Create(CultureInfo.InvariantCulture, $"idle plain connection ({options.Connections:N0} connections)"),
            after.ForEach(before, options.Connections));
    }

    private static async Task CheckInOnceAsync(MdmServer server, string devices, int count, CancellationToken cancellationToken)
    {
        await using var load = LoadSession.Start(
            server.Mqtt, devices, "once", "--connections", LoadSession.Text(count), "--apps", AppsOfTheTwin);
        await load.WaitForAsync("report", cancellationToken);
    }
}
