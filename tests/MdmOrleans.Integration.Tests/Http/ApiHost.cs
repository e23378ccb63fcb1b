using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MdmOrleans.Abstractions.CheckIns;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace MdmOrleans.Integration.Tests.Http;

/// <summary>The server as it ships, embedded, on free ports, in this process.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private bool _isDisposed;

    private ApiHost(WebApplication app, string directory)
    {
        _app = app;
        Directory = directory;
        KeyFile = Path.Combine(directory, "admin-key");
        Address = new Uri(app.Urls.First(url => url.StartsWith("http://", StringComparison.Ordinal)));
        SecureAddress = new Uri(app.Urls.First());
    }

    public string Directory { get; }

    public string KeyFile { get; }

    /// <summary>Plain, on loopback.</summary>
    public Uri Address { get; }

    /// <summary>HTTPS, but plain in Development.</summary>
    public Uri SecureAddress { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="prepare">Maps more, before it starts.</param>
    /// <param name="settings">As on the command line.</param>
    public static async Task<ApiHost> StartAsync(
        string directory,
        string environment = "Production",
        string? adminKey = null,
        Action<WebApplication>? prepare = null,
        int mqttPort = 0,
        params string[] settings)
    {
        string[] args =
        [
            $"--Storage:Directory={directory}",
            "--Http:Address=127.0.0.1",
            $"--Http:Port={FreePort()}",
            $"--Http:PlainPort={FreePort()}",
            $"--Orleans:SiloPort={FreePort()}",
            "--Mqtt:TlsPort=0",
            $"--Mqtt:Port={mqttPort.ToString(CultureInfo.InvariantCulture)}",
            .. adminKey is null ? [] : new[] { $"--Auth:AdminKey={adminKey}" },
            .. settings,
        ];
        var app = ServerHost.Build(args, environment, Configure);
        prepare?.Invoke(app);
        await ServerHost.StartAsync(app);
        return new ApiHost(app, directory);
    }

    /// <summary>What a gateway does when this device checks in.</summary>
    public async Task CheckInAsync(string tenant, string device, Posture posture)
    {
        var twin = Services.GetRequiredService<IGrainFactory>().GetGrain<IDeviceCheckIns>($"{tenant}/{device}");
        var outcome = await twin.CheckInAsync(new CheckIn { Posture = posture }, TestContext.Current.CancellationToken);
        Assert.Null(outcome.Problem);
    }

    public async Task<string> ReadAdminKeyAsync() => (await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken)).TrimEnd();

    /// <summary>Stops it in order; the second time there is nothing left to do.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static void Configure(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();

        // Other tests have grains that stand in for ours; Orleans finds them because they are in this assembly.
        builder.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.RemoveWhere(type => type.Assembly == typeof(ApiHost).Assembly));
    }

    public static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
