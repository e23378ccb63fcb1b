using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api.Access;

internal static class AccessCheckEndpoint
{
    private const string DeviceHeader = "X-Mdm-Device";
    private const string AccessHeader = "X-Mdm-Access";
    private const string ZoneHeader = "X-Mdm-Zone";

    public static void MapAccessCheck(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/access/check", CheckAsync)
            .WithName("CheckAccess").WithTags("Access").RequireAuthorization(Authorization.Reads).TakesHeaders(DeviceHeader);

        // Envoy's ext_authz sends the method of the request that it asks about, and its path behind ours.
        v1.Map("/access/check/{**path}", CheckAsync).RequireAuthorization(Authorization.Reads).ExcludeFromDescription();
    }

    /// <summary>Lets a device pass, or not</summary>
    /// <remarks>
    /// For proxies: <c>auth_request</c> of nginx, <c>ext_authz</c> of Envoy. The proxy sends its key, and in <c>X-Mdm-Device</c> the
    /// device that it has proved, as <c>tenant:device</c>; only addresses in <c>Access:TrustedProxies</c> are believed. 200 lets it
    /// pass; 403 says why not in <c>X-Mdm-Access</c>, and where it may go in <c>X-Mdm-Zone</c>. Without a device nobody passes.
    /// </remarks>
    internal static async Task<Results<Ok, ProblemResult>> CheckAsync(
        Caller caller, HttpContext http, TrustedProxies proxies, AccessInstruments instruments, IGrainFactory grains, ITenantViews tenants,
        TimeProvider time)
    {
        if (!proxies.Contains(http.Connection.RemoteIpAddress))
        {
            return ApiProblems.ProxyUntrusted.ToHttp();
        }

        var outcome = await DecideAsync(caller.Key, http.Request.Headers[DeviceHeader], grains, tenants, time.GetInstant(), http.RequestAborted);
        if (outcome is not { Value: { } access })
        {
            return outcome.Problem!.ToHttp(); // exactly one of the two is set
        }

        http.Response.Headers[AccessHeader] = access.Level.ToWire();
        instruments.Checked(access.Level.ToWire());
        if (access.Level == AccessLevel.Allow)
        {
            return TypedResults.Ok();
        }

        if (access.Zone is { } zone)
        {
            http.Response.Headers[ZoneHeader] = zone.All(letter => letter is >= ' ' and <= '~') ? zone : Uri.EscapeDataString(zone);
        }

        return ApiProblems.AccessRefused(access.Level, access.Reason).ToHttp();
    }

    private static async Task<Outcome<Answer>> DecideAsync(
        AccessKey key, string? name, IGrainFactory grains, ITenantViews tenants, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (unknown, reason) = AccessRules.ForUnknownDevice;
        if (!DeviceId.TryParseClientId(name, out var id) || !key.Sees(id.Tenant))
        {
            return new Answer(unknown, reason, null);
        }

        switch (await grains.CurrentAsync(id, now, cancellationToken))
        {
            case { Value: { } device }:
                var zone = device.Access.Level == AccessLevel.Quarantine
                    ? (await tenants.FindAsync(id.Tenant))?.Tenant.Settings.QuarantineZone
                    : null;
                return new Answer(device.Access.Level, device.Access.Reason, zone);
            case { Problem: { Kind: not ProblemKind.NotFound } problem }:
                return problem; // nobody knows just now: a proxy lets nobody pass then
            default:
                return new Answer(unknown, reason, null);
        }
    }

    private sealed record Answer(AccessLevel Level, string Reason, string? Zone);
}
