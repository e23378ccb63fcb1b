using MdmOrleans.Abstractions.Audit;
using MdmOrleans.Api.Identity;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Api.Audit;

/// <summary>Who asks and from where, as the audit trail has it.</summary>
internal static class Requester
{
    private const string RequestIdHeader = "X-Request-Id";
    private const string ForwardedHeader = "X-Forwarded-For";
    private const int MaxRequestId = 64;

    /// <summary>Tells the grains which request a change comes from. Behind authorization.</summary>
    public static void UseRequestOrigin(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (AuditedRoutes.Find(http) is not null && Caller.Of(http) is { } caller)
        {
            RequestOrigin.Set(caller.Actor, AuditVia.Key, RequestId(http), Address(http));
        }

        return next(http);
    });

    /// <summary>The caller's own, where it sent one that fits, or else the server's.</summary>
    public static string RequestId(HttpContext http) =>
        http.Request.Headers[RequestIdHeader] is [{ Length: >= 1 and <= MaxRequestId } own] && own.All(c => c is > ' ' and <= '~')
            ? own
            : http.TraceIdentifier;

    /// <summary>Of the peer, or, behind proxies that are trusted, of the first one that is not.</summary>
    public static string? Address(HttpContext http)
    {
        var proxies = http.RequestServices.GetRequiredService<TrustedProxies>();
        var address = proxies.FindClient(http.Connection.RemoteIpAddress, http.Request.Headers[ForwardedHeader]);
        return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString();
    }
}
