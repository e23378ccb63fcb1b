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
    /// <param name="flawed">Told what is wrong with the certificate of a server.</param>
    public static MqttClientOptions Of(DeviceClientOptions options, Action<string> flawed)
    {
        var identity = $"{options.Tenant}:{options.Device}";
        return new MqttClientOptions
        {
            ChannelOptions = ChannelOf(options, flawed),
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

    private static IMqttClientChannelOptions ChannelOf(DeviceClientOptions options, Action<string> flawed) => options.Endpoint.Scheme switch
    {
        "mqtt" => Tcp(options, 1883, new MqttClientTlsOptions()),
        "mqtts" => Tcp(options, 8883, TlsOf(options, flawed)),
        "ws" or "wss" => new MqttClientWebSocketOptions { Uri = options.Endpoint.AbsoluteUri, TlsOptions = TlsOf(options, flawed) },
        var other => throw new ArgumentException($"'{other}' is not mqtt, mqtts, ws or wss.", nameof(options)),
    };

    private static MqttClientTcpOptions Tcp(DeviceClientOptions options, int usualPort, MqttClientTlsOptions tls) => new()
    {
        RemoteEndpoint = new DnsEndPoint(options.Endpoint.IdnHost, options.Endpoint.IsDefaultPort ? usualPort : options.Endpoint.Port),
        TlsOptions = tls,
        // MQTTnet resets the connection on close by default, which overtakes the DISCONNECT, and the server then publishes the will.
        LingerState = new LingerOption(false, 0),
    };

    private static MqttClientTlsOptions TlsOf(DeviceClientOptions options, Action<string> flawed) => new()
    {
        UseTls = true,
        RevocationMode = X509RevocationMode.NoCheck,
        CertificateValidationHandler = args =>
        {
            var flaw = FlawOf(args, options);
            if (flaw is not null)
            {
                flawed(flaw);
            }

            return flaw is null;
        },
    };

    private static string? FlawOf(MqttClientCertificateValidationEventArgs args, DeviceClientOptions options)
    {
        if (args.SslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the server's certificate is not for {options.Endpoint.Host}";
        }

        var isTrusted = options.TrustedRoots is { } roots ? IsTrusted(args, roots) : args.SslPolicyErrors == SslPolicyErrors.None;
        return isTrusted ? null : "the server's certificate is not trusted here; give its issuer as a trusted root (--ca)";
    }

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
