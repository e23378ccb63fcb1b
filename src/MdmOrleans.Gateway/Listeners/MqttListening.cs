using System.Net.Security;
using System.Security.Authentication;
using MdmOrleans.Gateway.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>Adds the ports of section <c>Mqtt</c> to Kestrel.</summary>
internal sealed partial class MqttListening(IOptions<MqttOptions> options, IHostEnvironment environment, ILogger<MqttListening> logger)
    : IConfigureOptions<KestrelServerOptions>
{
    private const string MaxConnectionsKey = "Mqtt:MaxConnections";

    public void Configure(KestrelServerOptions kestrel)
    {
        var mqtt = options.Value;
        var port = mqtt.Port ?? (environment.IsDevelopment() ? MqttOptions.DefaultDevelopmentPort : 0);
        if (port != 0)
        {
            kestrel.ListenLocalhost(port, listen =>
            {
                listen.LimitConnections(mqtt.MaxConnections, MaxConnectionsKey);
                listen.UseMqtt();
            });
        }

        if (mqtt.TlsPort != 0)
        {
            kestrel.ListenAnyIP(mqtt.TlsPort, listen =>
            {
                listen.LimitConnections(mqtt.MaxConnections, MaxConnectionsKey);
                listen.UseMqttOverTls();
            });
            if (!TlsSuites.CanChoose)
            {
                LogSuitesOfMachine();
            }
        }
    }

    [LoggerMessage(2201, LogLevel.Warning, "This machine's policy chooses the TLS cipher suites; exclude CBC suites there")]
    private partial void LogSuitesOfMachine();
}

/// <summary>What a listener of Kestrel's needs to speak MQTT.</summary>
public static class MqttListenOptionsExtensions
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Plain MQTT with device tokens; bind it to loopback only, where nobody else can read it.</summary>
    public static void UseMqtt(this ListenOptions listen)
    {
        var services = new Lazy<SessionServices>(listen.ApplicationServices.GetRequiredService<SessionServices>);
        listen.Run(connection => MqttConnectionHandler.RunAsync(connection, services.Value));
    }

    /// <summary>MQTT inside TLS 1.2 or later, with the certificate that Kestrel has by default.</summary>
    public static void UseMqttOverTls(this ListenOptions listen)
    {
        var services = new Lazy<SessionServices>(listen.ApplicationServices.GetRequiredService<SessionServices>);
        listen.Use(next => connection =>
        {
            connection.Features.Set(new AcceptedAt(services.Value.Time.GetTimestamp()));
            return next(connection);
        });
        listen.UseHttps(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.HandshakeTimeout = HandshakeTimeout;
            var chooseCertificate = https.OnAuthenticate; // of the server, for all its ports
            https.OnAuthenticate = (connection, tls) =>
            {
                chooseCertificate?.Invoke(connection, tls);
                tls.ApplicationProtocols = [new SslApplicationProtocol("mqtt")];
                TlsSuites.Apply(tls);
            };
        });
        listen.Run(connection => MqttConnectionHandler.RunAsync(connection, services.Value));
    }
}
