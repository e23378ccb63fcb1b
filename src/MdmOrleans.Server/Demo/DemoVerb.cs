using System.Net;
using MdmOrleans.Agent.Linux;
using MdmOrleans.Agent.Linux.Commands;
using MdmOrleans.Agent.Sdk;
using MdmOrleans.Agent.Simulation;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway;
using MdmOrleans.Server.Hosting;
using Microsoft.Extensions.Configuration.Memory;

namespace MdmOrleans.Server.Demo;

/// <summary>Server, this machine's own agent and a simulated fleet in one process, all through the front door.</summary>
internal static class DemoVerb
{
    /// <summary>An argument of its own, which is no setting.</summary>
    public const string Quiet = "--quiet";

    public static async Task<int> RunAsync(string[] args, bool isQuiet, CancellationToken stop)
    {
        await using var app = ServerHost.Build(args, Environments.Development, UseDemoSettings);
        var settings = app.Services.GetRequiredService<ServerSettings>();
        var port = PortCheck.ReadMqtt(app.Configuration).Port ?? MqttOptions.DefaultDevelopmentPort;
        if (port == 0)
        {
            throw new SettingException("Mqtt:Port is 0, but the devices of the demo connect there.");
        }

        if (settings.Roles != Roles.All)
        {
            throw new SettingException("Roles leaves out one of twins, gateway and api, and the demo needs all of them.");
        }

        await ServerHost.RunAsync(app, stopping => RunDevicesAsync(app, settings, port, isQuiet, stopping), stop);
        return 0;
    }

    // A newcomer does not wait a day until a second key may approve. Every other source of settings wins.
    private static void UseDemoSettings(WebApplicationBuilder builder) => ((IConfigurationBuilder)builder.Configuration).Sources.Insert(
        0, new MemoryConfigurationSource { InitialData = [new("Governor:KeyAgeHours", "0")] });

    /// <summary>Ends when the devices do, which is when they are told to stop.</summary>
    private static async Task RunDevicesAsync(WebApplication app, ServerSettings settings, int port, bool isQuiet, CancellationToken stop)
    {
        var credentials = await new DemoFleet(app.Services.GetRequiredService<IGrainFactory>(), settings.Directory).EnsureAsync(stop);
        var isLocal = IPAddress.IsLoopback(settings.HttpAddress) || settings.HttpAddress.Equals(IPAddress.IPv6Any) || settings.HttpAddress.Equals(IPAddress.Any);
        var server = new UriBuilder("http", isLocal ? "localhost" : $"{settings.HttpAddress}", settings.HttpPort).Uri;
        var secrets = new DemoSecrets(settings.Directory, app.Configuration["Auth:AdminKey"]);
        using var show = new DemoShow(server, secrets, settings.Directory, Console.Out, Logger(app, "Demo.Show"));
        DemoGuide.Print(Console.Out, server, secrets, port, show.IsDone, isQuiet);
        var endpoint = new Uri($"mqtt://127.0.0.1:{port}");
        await Task.WhenAll(
            isQuiet ? Task.CompletedTask : UntilStopped(WriteEventsAsync(app, stop), stop),
            RunFleet(app, endpoint, credentials, stop),
            RunAgent(app, endpoint, credentials, settings, stop),
            UntilStopped(show.RunAsync(stop), stop));
    }

    private static Task WriteEventsAsync(WebApplication app, CancellationToken stop)
    {
        var isColored = DemoConsole.WantsColor(Console.IsOutputRedirected, Environment.GetEnvironmentVariable("NO_COLOR"));
        return new DemoConsole(app.Services.GetRequiredService<IEventStream>(), Console.Out, isColored)
            .RunAsync(DemoFleet.TenantNames.Select(name => TenantId.TryParse(name, out var tenant) ? tenant : default), stop);
    }

    private static async Task UntilStopped(Task task, CancellationToken stop)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return; // asked for
        }
    }

    private static Task RunFleet(WebApplication app, Uri endpoint, IReadOnlyList<FleetCredential> credentials, CancellationToken stop)
    {
        FleetCredential[] simulated = [.. credentials.Where(c => c.Device != DemoFleet.ThisMachine)];
        var options = new SimulatedFleetOptions { Endpoint = endpoint, ConnectsPerSecond = 5 };
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
