using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway;
using MdmOrleans.Gateway.Listeners;
using MdmOrleans.Gateway.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>The real endpoint on real sockets, with twins that the test plays.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Uri[] _addresses;

    private GatewayHost(WebApplication app, FakeTwins twins)
    {
        _app = app;
        Twins = twins;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses; // Kestrel has it
        _addresses = [.. addresses.Select(address => new Uri(address))];
    }

    public FakeTwins Twins { get; }

    public int Port => _addresses[0].Port;

    public int TlsPort => _addresses[1].Port;

    public int HttpPort => _addresses[2].Port;

    public SessionRegistry Registry => _app.Services.GetRequiredService<SessionRegistry>();

    /// <param name="time">Null: the system's.</param>
    public static async Task<GatewayHost> StartAsync(TimeProvider? time = null, params KeyValuePair<string, string?>[] settings)
    {
        var twins = new FakeTwins();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Mqtt:Port", "0"), new("Mqtt:TlsPort", "0"), .. settings]);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IGrainFactory>(twins);
        builder.Services.AddSingleton<ILocalSiloDetails>(new FakeSilo());
        builder.Services.AddMqttSessions();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = ACertificate());
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseMqtt());
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseMqttOverTls());
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.MapMqtt();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new GatewayHost(app, twins);
    }

    public static DeviceId Device(string clientId) =>
        DeviceId.TryParseClientId(clientId, out var id) ? id : throw new ArgumentException($"'{clientId}' names no device", nameof(clientId));

    /// <summary>The connection that the device has made last; waits for it.</summary>
    public async Task<MqttSession> FindAsync(string clientId)
    {
        var epoch = await Twins[clientId].Connected.NextAsync();
        return Session(clientId, epoch);
    }

    public MqttSession Session(string clientId, SessionEpoch epoch) =>
        Registry.TryFind(Device(clientId), epoch, out var session)
            ? session
            : throw new InvalidOperationException($"The connection of {clientId} is gone");

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static X509Certificate2 ACertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private sealed class FakeSilo : ILocalSiloDetails
    {
        public string Name => "gateway";

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 11111, 1);

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
