using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MdmOrleans.Contracts;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MdmOrleans.Agent.Sdk.Connections;

/// <summary>Our options in the terms of MQTTnet.</summary>
internal static class MqttClientSettings
{
    /// <exception cref="ArgumentException">The endpoint has none of the schemes of <see cref="DeviceClientOptions.Endpoint"/>.</exception>
    public static MqttClientOptions Of(DeviceClientOptions options)
    {
        var identity = $"{options.Tenant}:{options.Device}";
        return new MqttClientOptions
        {
            ChannelOptions = ChannelOf(options),
            ClientId = identity,
            Credentials = new MqttClientCredentials(identity, Encoding.UTF8.GetBytes(options.Token)),
            CleanSession = true,
            KeepAlivePeriod = options.KeepAlive,
            ProtocolVersion = options.UseMqtt311 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V500,
            Timeout = options.ConnectTimeout,
            WillTopic = Topics.Will(Topics.Root(options.Tenant, options.Device)),
            WillPayload = "{}"u8.ToArray(),
            WillQualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        };
    }

    private static IMqttClientChannelOptions ChannelOf(DeviceClientOptions options) => options.Endpoint.Scheme switch
    {
        "mqtt" => Tcp(options, 1883, new MqttClientTlsOptions()),
        "mqtts" => Tcp(options, 8883, TlsOf(options)),
        "ws" or "wss" => new MqttClientWebSocketOptions { Uri = options.Endpoint.AbsoluteUri, TlsOptions = TlsOf(options) },
        var other => throw new ArgumentException($"'{other}' is not mqtt, mqtts, ws or wss.", nameof(options)),
    };

    private static MqttClientTcpOptions Tcp(DeviceClientOptions options, int usualPort, MqttClientTlsOptions tls) => new()
    {
        RemoteEndpoint = new DnsEndPoint(options.Endpoint.IdnHost, options.Endpoint.IsDefaultPort ? usualPort : options.Endpoint.Port),
        TlsOptions = tls,
        // MQTTnet resets the connection on close by default, which overtakes the DISCONNECT, and the server then publishes the will.
        LingerState = new LingerOption(false, 0),
    };

    private static MqttClientTlsOptions TlsOf(DeviceClientOptions options) => new()
    {
        UseTls = true,
        RevocationMode = X509RevocationMode.NoCheck,
        CertificateValidationHandler = options.TrustedRoots is { } roots ? args => IsTrusted(args, roots) : null,
    };

    private static bool IsTrusted(MqttClientCertificateValidationEventArgs args, X509Certificate2Collection roots)
    {
        // A chain error is expected, since the system does not know the roots; a wrong name is never forgiven.
        var unforgivable = args.SslPolicyErrors & ~SslPolicyErrors.RemoteCertificateChainErrors;
        if (unforgivable != SslPolicyErrors.None || args.Certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in args.Chain.ChainElements)
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(leaf);
    }
}
