using MdmOrleans.Agent.Sdk;
using MdmOrleans.Agent.Simulation.Devices;

namespace MdmOrleans.Agent.Simulation;

/// <summary>Devices of mixed platforms that behave like a real fleet: most in order, some not, some not there.</summary>
public sealed partial class SimulatedFleet(
    IReadOnlyList<FleetCredential> credentials, SimulatedFleetOptions options, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;

    public FleetStatistics Statistics { get; } = new();

    /// <summary>The platform for the n-th device of a fleet that is mixed like a real one.</summary>
    public static string PlatformOf(int index) => PlatformCatalog.PlatformOf(index);

    /// <summary>The serial number that a device will report.</summary>
    public static string SerialOf(FleetCredential device, int seed) => DeviceTraits.Of(device, rank: 0, seed).Serial;

    /// <summary>Connects the devices one after the other, and runs until <paramref name="stop"/> or until none of them is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (DeviceClientOptions.IsClear(options.Endpoint))
        {
            LogClear(options.Endpoint.Host);
        }

        Statistics.Began(credentials.Count);
        var devices = new List<Task>(credentials.Count);
        int mobile = 0, other = 0;
        for (var i = 0; i < credentials.Count; i++)
        {
            var rank = PlatformCatalog.Of(credentials[i].Platform).IsMobile ? mobile++ : other++;
            devices.Add(RunDeviceAsync(credentials[i], rank, TimeSpan.FromSeconds(i / options.ConnectsPerSecond), stop));
        }

        await Task.WhenAll(devices);
    }

    private async Task RunDeviceAsync(FleetCredential credential, int rank, TimeSpan after, CancellationToken stop)
    {
        try
        {
            await Task.Delay(after, time, stop);
            var device = new SimulatedDevice(credential, rank, options, Statistics, time);
            if (await device.RunAsync(stop) is { Kind: not DeviceClientEndKind.Stopped } end)
            {
                LogEnded(credential, end.Message);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(credential);
        }
        finally
        {
            Statistics.Ended();
        }
    }
}
