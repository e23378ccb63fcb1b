using System.Net;
using MdmOrleans.Gateway.Listeners;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MdmOrleans.Server.Hosting;

/// <summary>The HTTP ports, and what a caller may take from it before anybody knows who it is.</summary>
internal static class HttpListening
{
    private const int MaxBodyBytes = 1024 * 1024;

    public static void ListenHttp(this KestrelServerOptions kestrel, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Bound(settings);
        kestrel.Listen(settings.HttpAddress, settings.HttpPort, settings, settings.IsHttps);
        if (settings.HttpPlainPort != 0)
        {
            kestrel.Listen(settings.HttpPlainAddress, settings.HttpPlainPort, settings, isHttps: false);
        }
    }

    private static void Listen(this KestrelServerOptions kestrel, IPAddress address, int port, ServerSettings settings, bool isHttps)
    {
        if (address.Equals(IPAddress.IPv6Any))
        {
            kestrel.ListenAnyIP(port, Configure); // which makes do with IPv4 where there is nothing else
        }
        else
        {
            kestrel.Listen(address, port, Configure);
        }

        void Configure(ListenOptions listen)
        {
            listen.LimitConnections(settings.HttpMaxConnections, "Http:MaxConnections");
            if (isHttps)
            {
                listen.UseHttps(https => https.OnAuthenticate = (_, tls) => TlsSuites.Apply(tls));
            }
        }
    }

    /// <summary>Nobody holds a connection by saying little, and nobody says much before it is known who it is.</summary>
    private static void Bound(this KestrelServerLimits limits, ServerSettings settings)
    {
        limits.MaxConcurrentUpgradedConnections = settings.HttpMaxConnections;
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.MaxRequestHeaderFieldSize = 8 * 1024;
        limits.Http2.InitialStreamWindowSize = 128 * 1024;
        limits.Http2.InitialConnectionWindowSize = 256 * 1024;
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }
}
