using System.Reflection;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MdmOrleans.Api.Tenancy;

/// <summary>Marks routes below <c>/v1/tenants/{tenant}</c>.</summary>
/// <param name="MayBeMissing">True where the route makes the tenant.</param>
internal sealed record TenantRoute(bool MayBeMissing = false);

/// <summary>The tenant of a route that the caller sees.</summary>
/// <param name="Tenant">Null only where the route makes it.</param>
internal sealed record TenantScope(TenantId Id, Tenant? Tenant) : IBindableFromHttpContext<TenantScope>
{
    public static ValueTask<TenantScope?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<TenantScope>());
}

/// <summary>The device that a route names; whether it exists is for the twin to say.</summary>
internal sealed record DeviceScope(DeviceId Id, Tenant Tenant) : IBindableFromHttpContext<DeviceScope>
{
    public string Location => $"/v1/tenants/{Id.Tenant}/devices/{Id.Name}";

    public static ValueTask<DeviceScope?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(context.Features.Get<DeviceScope>());
}

internal static class TenantRouteExtensions
{
    /// <summary>Answers 404 for what is no name, does not exist, or is not the caller's, alike and before any body is looked at.</summary>
    public static void UseTenantScope(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        var refusal = http.GetEndpoint()?.Metadata.GetMetadata<TenantRoute>() is { } route ? await EnterAsync(http, route) : null;
        await (refusal is null ? next(http) : refusal.ToHttp().ExecuteAsync(http));
    });

    private static async Task<Problem?> EnterAsync(HttpContext http, TenantRoute route)
    {
        var values = http.Request.RouteValues;
        if (!TenantId.TryParse(values["tenant"] as string, out var id) || Caller.Of(http) is not { } caller || !caller.Key.Sees(id))
        {
            return ProblemCatalog.TenantNotFound;
        }

        var grains = (IGrainFactory)http.RequestServices.GetService(typeof(IGrainFactory))!; // always there in a silo
        var tenant = await grains.GetGrain<ITenantGrain>(id.ToString()).ReadAsync(http.RequestAborted);
        if (tenant is null && !route.MayBeMissing)
        {
            return ProblemCatalog.TenantNotFound;
        }

        http.Features.Set(new TenantScope(id, tenant));
        if (tenant is null || !values.TryGetValue("device", out var device))
        {
            return null;
        }

        if (!DeviceId.TryCreate(id.Name, device as string, out var deviceId))
        {
            return ProblemCatalog.DeviceNotFound;
        }

        http.Features.Set(new DeviceScope(deviceId, tenant));
        return null;
    }
}
