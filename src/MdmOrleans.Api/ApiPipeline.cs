using MdmOrleans.Api.Audit;
using MdmOrleans.Api.Limits;
using MdmOrleans.Api.Problems;
using MdmOrleans.Api.Requests;
using MdmOrleans.Api.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MdmOrleans.Api;

/// <summary>What every request passes before its handler.</summary>
public static class ApiPipeline
{
    /// <summary>Failures as problem documents, identity, and the tenant of the route. Before anything is mapped.</summary>
    public static void UseMdmHttp(this IApplicationBuilder app)
    {
        app.Use(AnswerSafelyAsync);
        app.UseExceptionHandler();
        app.UseStatusCodePages(pages => ProblemResult.WriteAsync(pages.HttpContext, ProblemMapping.ForStatus(pages.HttpContext.Response.StatusCode)));
        app.Use(HeadAsGetAsync);
        app.UseRouting();
        app.Use(DescribeMethodsAsync);
        app.Use(RefuseUnfitAsync);
        app.UseAddressLimits();
        app.UseAuthorization(); // which proves the key, where a route asks for one
        app.UseKeyLimits();
        app.UseQueryNames();
        app.UseTenantScope();
        app.UseRequestOrigin();
    }

    private static Task AnswerSafelyAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            http.Response.Headers.CacheControl = "no-store"; // answers may hold keys, and are never older than the moment
        }

        return next(http);
    }

    /// <summary>Wherever GET works, HEAD does: the server leaves out the body by itself.</summary>
    private static Task HeadAsGetAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
            HeadRequest.Set(http);
        }

        return next(http);
    }

    /// <summary>A path that does not exist, another method and another media type need no key: the description of the interface says as much.</summary>
    /// <remarks>Routing answers the last two by endpoints of its own, which have nothing that would let somebody without a key pass.</remarks>
    private static Task RefuseUnfitAsync(HttpContext http, RequestDelegate next)
    {
        switch (http.GetEndpoint())
        {
            case null:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            case { Metadata.Count: 0, RequestDelegate: { } refuse } and not RouteEndpoint:
                return refuse(http);
            default:
                return next(http);
        }
    }

    /// <summary>Routing has found out which methods there are, and says 405; it does not know of HEAD and OPTIONS.</summary>
    private static async Task DescribeMethodsAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.HasStarted || http.Response.StatusCode != StatusCodes.Status405MethodNotAllowed)
        {
            return;
        }

        var methods = http.Response.Headers.Allow.ToString();
        http.Response.Headers.Allow = methods.Contains(HttpMethods.Get, StringComparison.Ordinal) ? $"{methods}, HEAD, OPTIONS" : $"{methods}, OPTIONS";
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
