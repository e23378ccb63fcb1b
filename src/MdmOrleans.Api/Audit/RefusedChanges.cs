using MdmOrleans.Api.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Api.Audit;

/// <summary>Records that somebody who was proved asked for a change and may not have it, before they are told so.</summary>
internal static class RefusedChanges
{
    private const int MaxTarget = 128;

    /// <param name="code">Of the problem.</param>
    public static async ValueTask RecordAsync(HttpContext http, int status, string code)
    {
        if (status is not (StatusCodes.Status403Forbidden or StatusCodes.Status409Conflict
                or StatusCodes.Status412PreconditionFailed or StatusCodes.Status422UnprocessableEntity)
            || AuditedRoutes.Find(http) is not { } route
            || route.Target(http.Request.RouteValues) is not { } named
            || Caller.Of(http) is not { } caller)
        {
            return;
        }

        var target = http.Features.Get<AuditTarget>()?.Name ?? named;
        var entry = new AuditEntry
        {
            At = http.RequestServices.GetRequiredService<TimeProvider>().GetInstant(),
            Actor = caller.Actor,
            Via = AuditVia.Key,
            Action = route.Action,
            Target = target.Length > MaxTarget ? target[..MaxTarget] : target,
            Result = code,
            RequestId = Requester.RequestId(http),
            Address = Requester.Address(http),
        };
        var trail = http.RequestServices.GetRequiredService<IAuditTrail>();
        foreach (var tenant in await FindChainsAsync(http, caller.Key))
        {
            await trail.AppendAsync(tenant, entry, CancellationToken.None);
        }
    }

    /// <summary>
    /// The tenant's chain, where there is that tenant and the caller sees it: a stranger writes nothing into it. What has no tenant goes to
    /// those of the key, and to the installation's where the key sees all.
    /// </summary>
    private static async ValueTask<IEnumerable<TenantId?>> FindChainsAsync(HttpContext http, AccessKey key)
    {
        if (http.Request.RouteValues.TryGetValue("tenant", out var name))
        {
            return TenantId.TryParse(name as string, out var tenant)
                && key.Sees(tenant)
                && await http.RequestServices.GetRequiredService<ITenantViews>().FindAsync(tenant) is not null
                ? [tenant]
                : [null];
        }

        return key.Tenants is { IsEmpty: false } tenants ? tenants.Select(t => (TenantId?)t) : [null];
    }
}

/// <summary>What a request is about, where its route does not say.</summary>
internal sealed record AuditTarget(string Name)
{
    public static void Set(HttpContext http, string name) => http.Features.Set(new AuditTarget(name));
}
