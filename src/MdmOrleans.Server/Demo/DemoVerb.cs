using MdmOrleans.Agent.Linux;
using MdmOrleans.Agent.Linux.Commands;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Agent.Simulation;
using MdmOrleans.Gateway;
using MdmOrleans.Server.Hosting;
using Microsoft.Extensions.Configuration.Memory;

namespace MdmOrleans.Server.Demo;

/// <summary>Server, this machine's own agent and a simulated fleet in one process, all through the front door.</summary>
internal static class DemoVerb
{
    public static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        await using var app = ServerHost.Build(args, Environments.Development, UseDemoSettings);
        var port = PortCheck.ReadMqtt(app.Configuration).Port ?? MqttOptions.DefaultDevelopmentPort;
        if (port == 0)
        {
            throw new SettingException("Mqtt:Port is 0, and that is where the devices of the demo connect.");
        }

        await ServerHost.RunAsync(app, stopping => RunDevicesAsync(app, port, stopping), stop);
        return 0;
    }

    /// <summary>Ends when the devices do, which is when they are told to stop.</summary>
    private static async Task RunDevicesAsync(WebApplication app, int port, CancellationToken stop)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        var credentials = await new DemoFleet(app.Services.GetRequiredService<IGrainFactory>(), settings.Directory).EnsureAsync(stop);
        var endpoint = new Uri($"mqtt://127.0.0.1:{port}");
        var devices = Task.WhenAll(RunFleet(app, endpoint, credentials, stop), RunAgent(app, endpoint, credentials, settings, stop));
        DemoGuide.Print(settings, port);
        await devices;
    }

    // Two people are two keys at once here; whoever tries it out does not wait for a day. Every other source of settings wins.
    private static void UseDemoSettings(WebApplicationBuilder builder) => ((IConfigurationBuilder)builder.Configuration).Sources.Insert(
        0, new MemoryConfigurationSource { InitialData = [new("Governor:KeyAgeHours", "0")] });

    private static Task RunFleet(WebApplication app, Uri endpoint, IReadOnlyList<FleetCredential> credentials, CancellationToken stop)
    {
        FleetCredential[] simulated = [.. credentials.Where(c => c.Device != DemoFleet.ThisMachine)];
        var options = new SimulatedFleetOptions { Endpoint = endpoint, ConnectsPerSecond = 10 };
        return new SimulatedFleet(simulated, options, TimeProvider.System, Logger(app, "Demo.Fleet")).RunAsync(stop);
    }

    private static async Task RunAgent(
        WebApplication app, Uri endpoint, IReadOnlyList<FleetCredential> credentials, ServerSettings settings, CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux() || credentials.FirstOrDefault(c => c.Device == DemoFleet.ThisMachine) is not { } machine)
        {
            return;
        }

        var options = new LinuxAgentOptions
        {
            Connection = new DeviceClientOptions
            {
                Endpoint = endpoint,
                Tenant = machine.Tenant,
                Device = machine.Device,
                Token = machine.Token,
                JournalPath = Path.Combine(settings.Directory, "demo-agent-journal"),
            },
            Hooks = new HookOptions { Directory = Path.Combine(settings.Directory, "demo-hooks") },
        };
        await new LinuxAgent(options, TimeProvider.System, Logger(app, "Demo.Agent")).RunAsync(stop);
    }

    private static ILogger Logger(WebApplication app, string category) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);
}
