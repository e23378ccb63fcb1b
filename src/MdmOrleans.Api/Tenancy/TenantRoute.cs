using System.Reflection;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

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
        var isName = TenantId.TryParse(values["tenant"] as string, out var id);
        if (!isName && route.MayBeMissing)
        {
            return ApiProblems.InvalidTenantName; // it can be nobody's, so this tells nothing
        }

        if (!isName || Caller.Of(http) is not { } caller || !caller.Key.Sees(id))
        {
            return ProblemCatalog.TenantNotFound;
        }

        var isOfDevice = values.TryGetValue("device", out var device);
        var isRead = HttpMethods.IsGet(http.Request.Method) && !route.MayBeMissing;
        var tenant = isOfDevice || isRead ? await FindAsync(http, id) : await ReadAsync(http, id);
        if (tenant is null && !route.MayBeMissing)
        {
            return ProblemCatalog.TenantNotFound;
        }

        http.Features.Set(new TenantScope(id, tenant));
        if (tenant is null || !isOfDevice)
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

    /// <summary>As devices are judged by it, without a call: a list must not wait for a silo that hangs.</summary>
    private static async ValueTask<Tenant?> FindAsync(HttpContext http, TenantId id) =>
        (await http.RequestServices.GetRequiredService<ITenantViews>().FindAsync(id))?.Tenant
            .At(http.RequestServices.GetRequiredService<TimeProvider>().GetInstant());

    /// <summary>As it is stored, for whoever changes something or asks for the tenant itself.</summary>
    private static async ValueTask<Tenant?> ReadAsync(HttpContext http, TenantId id) =>
        await http.RequestServices.GetRequiredService<IGrainFactory>().GetGrain<ITenantGrain>(id.ToString()).ReadAsync(http.RequestAborted);
}
