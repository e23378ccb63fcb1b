using System.Net;
using MdmOrleans.Core.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>Whether nobody between the device and this process can read what it sends: only then it may send a token.</summary>
internal static class PrivateLine
{
    /// <summary>Any of these says that somebody stands between, and that loopback is not where the device is.</summary>
    private static readonly string[] ForwardingHeaders =
    [
        "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP", "Via",
    ];

    /// <summary>TLS; or a trusted proxy that ended TLS and says so; or loopback with nobody between.</summary>
    public static bool Is(HttpRequest request, TrustedProxies proxies)
    {
        if (request.IsHttps)
        {
            return true;
        }

        var peer = request.HttpContext.Connection.RemoteIpAddress;
        if (ForwardingHeaders.Any(request.Headers.ContainsKey))
        {
            return proxies.Contains(peer) && SaysHttps(request.Headers["X-Forwarded-Proto"]);
        }

        return peer is not null && IPAddress.IsLoopback(peer);
    }

    // One word for each proxy on the way; one of them that says http had the device's line in the open.
    private static bool SaysHttps(StringValues protocols)
    {
        var words = protocols.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && words.All(word => word.Equals("https", StringComparison.OrdinalIgnoreCase));
    }
}
