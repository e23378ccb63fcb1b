using System.Net;
using MdmOrleans.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MdmOrleans.Benchmarks.Hosts;

/// <summary>Our MQTT endpoint in a process without a silo: what the wire costs when nothing is behind it.</summary>
internal static class EchoHost
{
    public const string Usage = "host-echo: started by checkins. Takes the configuration of the server.";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stopping)
    {
        arguments.RefuseRest();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(builder.Configuration.GetValue<int>("Http:PlainPort")));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IGrainFactory, EchoGrains>();
        builder.Services.AddSingleton<ILocalSiloDetails, NoSilo>();
        builder.Services.AddMqttGateway();

        await using var app = builder.Build();
        app.MapGet("/healthz/ready", () => TypedResults.Ok());
        await app.StartAsync(stopping);
        await app.WaitForShutdownAsync(stopping);
        return 0;
    }

    /// <summary>The gateway tells twins where it is; here there is nobody to come back.</summary>
    private sealed class NoSilo : ILocalSiloDetails
    {
        public string Name => "echo";

        public string ClusterId => "echo";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
