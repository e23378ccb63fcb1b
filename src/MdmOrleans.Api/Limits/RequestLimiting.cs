using System.Globalization;
using System.Threading.RateLimiting;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Api.Limits;

/// <summary>Marks a route that answers for as long as the caller stays.</summary>
internal sealed record LongLived;

/// <summary>Marks an open route that bounds its callers by itself.</summary>
public sealed record BoundsItself;

/// <summary>Refuses with 429 what comes on top of the section <c>Limits</c>, before any work is done for it.</summary>
internal static class RequestLimiting
{
    /// <summary>Who has proved nothing is bounded by address. Before any key is looked up: each lookup is a call to a grain.</summary>
    public static void UseAddressLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RequestLimits>();
        var proxies = app.ApplicationServices.GetRequiredService<TrustedProxies>();
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<BoundsItself>() is not null)
            {
                await next(http);
                return;
            }

            var address = AddressOf(http, proxies);
            if (http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                using var lease = limits.Anonymous.AttemptAcquire(address);
                await (lease.IsAcquired ? next(http) : RefuseAsync(http, ApiProblems.AddressRateLimited, lease));
                return;
            }

            if (limits.Failures.GetStatistics(address) is { CurrentAvailablePermits: 0 })
            {
                await RefuseAsync(http, ApiProblems.AddressRateLimited, lease: null);
                return;
            }

            await next(http);
            if (http.Response.StatusCode == StatusCodes.Status401Unauthorized)
            {
                limits.Failures.AttemptAcquire(address).Dispose();
            }
        });
    }

    /// <summary>Each key has a rate, and each tenant a number of requests at the same time. After the key was proved.</summary>
    public static void UseKeyLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<RequestLimits>();
        app.Use(async (http, next) =>
        {
            if (Caller.Of(http) is not { } caller)
            {
                await next(http);
                return;
            }

            using var rate = limits.Keys.AttemptAcquire(caller.Key.Id);
            if (!rate.IsAcquired)
            {
                await RefuseAsync(http, ApiProblems.RateLimited, rate);
                return;
            }

            var tenant = TenantId.TryParse(http.Request.RouteValues["tenant"] as string, out var id) ? id.Name : "";
            var isStream = http.GetEndpoint()?.Metadata.GetMetadata<LongLived>() is not null;
            using var place = (isStream ? limits.Streams : limits.Tenants).AttemptAcquire(tenant);
            await (place.IsAcquired ? next(http) : RefuseAsync(http, isStream ? ApiProblems.TooManyStreams : ApiProblems.TooManyConcurrent, place));
        });
    }

    private static Task RefuseAsync(HttpContext http, Problem problem, RateLimitLease? lease)
    {
        var wait = lease is not null && lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Ceiling(after.TotalSeconds) : 1;
        http.Response.Headers.RetryAfter = Math.Max(wait, 1).ToString(CultureInfo.InvariantCulture);
        return problem.ToHttp().ExecuteAsync(http);
    }

    /// <summary>As far as somebody trusted has seen it.</summary>
    private static AddressOrigin AddressOf(HttpContext http, TrustedProxies proxies) =>
        AddressOrigin.Of(proxies.FindClient(http.Connection.RemoteIpAddress, http.Request.Headers["X-Forwarded-For"]));
}
