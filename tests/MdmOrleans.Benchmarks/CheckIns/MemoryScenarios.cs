using System.Globalization;
using MdmOrleans.Benchmarks.Processes;

namespace MdmOrleans.Benchmarks.CheckIns;

/// <summary>What a connection that says nothing costs, and a twin that stays in memory.</summary>
internal sealed class MemoryScenarios(CheckInsOptions options, Stage stage, Results results)
{
    private const string AppsOfTheTwin = "40";

    // 16 MB: with the nursery that a server has by default, what is resident says more of what may be used again than of what is held.
    private static readonly Dictionary<string, string> SmallNursery = new() { ["DOTNET_GCgen0size"] = "0x1000000" };

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var prepared = (await stage.PrepareAsync("memory", options.OnPostgres, cancellationToken)) with { Environment = SmallNursery };
        string twins;
        string connections;
        await using (var server = await MdmServer.StartAsync(prepared, cancellationToken))
        {
            await Fleet.CreateTenantAsync(server.Http, cancellationToken);
            connections = await MakeAsync(server, 0, options.Connections, cancellationToken);
            twins = await MakeAsync(server, options.Connections, options.Twins, cancellationToken);
        }

        // A new process: making the devices left their twins in the old one's memory.
        await using (var server = await MdmServer.StartAsync(prepared, cancellationToken))
        {
            // Not counted: these make the server load and compile what it does only once, and grow what it grows for many sockets.
            await CheckInOnceAsync(server, connections, cancellationToken);
            await ConnectAllAsync(server, connections, () => Task.CompletedTask, cancellationToken);
            await MeasureTwinsAsync(server, twins, cancellationToken);
            await MeasureConnectionsAsync(server, connections, cancellationToken);
        }
    }

    private async Task<string> MakeAsync(MdmServer server, int first, int count, CancellationToken cancellationToken) =>
        await stage.WriteAsync(await Fleet.CreateDevicesAsync(server.Http, first, count, cancellationToken), cancellationToken);

    private async Task MeasureTwinsAsync(MdmServer server, string devices, CancellationToken cancellationToken)
    {
        var before = await Footprint.TakeAsync(server.Id, cancellationToken);
        await CheckInOnceAsync(server, devices, cancellationToken);
        var after = await Footprint.TakeAsync(server.Id, cancellationToken);
        results.Add(
            string.Create(CultureInfo.InvariantCulture, $"twin with {AppsOfTheTwin} apps, everything included ({options.Twins:N0} twins)"),
            after.ForEach(before, options.Twins));
    }

    /// <summary>The twins of those that connect are there already: only what the connection adds is counted.</summary>
    private async Task MeasureConnectionsAsync(MdmServer server, string devices, CancellationToken cancellationToken)
    {
        var before = await Footprint.TakeAsync(server.Id, cancellationToken);
        await ConnectAllAsync(server, devices, MeasureAsync, cancellationToken);

        async Task MeasureAsync()
        {
            var after = await Footprint.TakeAsync(server.Id, cancellationToken);
            results.Add(
                string.Create(CultureInfo.InvariantCulture, $"idle plain connection ({options.Connections:N0} connections)"),
                after.ForEach(before, options.Connections));
        }
    }

    private static async Task CheckInOnceAsync(MdmServer server, string devices, CancellationToken cancellationToken)
    {
        await using var load = LoadSession.Start(server.Mqtt, devices, "once", "--apps", AppsOfTheTwin);
        await load.WaitForAsync("report", cancellationToken);
    }

    private static async Task ConnectAllAsync(MdmServer server, string devices, Func<Task> meanwhile, CancellationToken cancellationToken)
    {
        await using var load = LoadSession.Start(server.Mqtt, devices, "idle", "--warmup", "0", "--seconds", "0");
        await load.WaitForAsync("settled", cancellationToken);
        await meanwhile();
    }
}
