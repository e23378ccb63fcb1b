using MdmOrleans.Api.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace MdmOrleans.Api.Telemetry;

/// <summary>Metrics of this process, for Prometheus.</summary>
public static class MdmTelemetry
{
    /// <summary>Collects our meter and those of the runtime, the actors, the web server and the database driver.</summary>
    public static IServiceCollection AddMdmTelemetry(this IServiceCollection services)
    {
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("MdmOrleans")).WithMetrics(metrics => metrics
            .AddMeter(
                "MdmOrleans",
                "Microsoft.Orleans",
                "Npgsql",
                "System.Runtime",
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel")
            .AddPrometheusExporter());
        return services;
    }

    /// <summary>Maps <c>/metrics</c>: open in Development, elsewhere for any key that sees all tenants.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, IHostEnvironment environment)
    {
        var metrics = endpoints.MapPrometheusScrapingEndpoint("/metrics");
        if (environment.IsDevelopment())
        {
            metrics.AllowAnonymous();
        }
        else
        {
            metrics.RequireAuthorization(Authorization.Scrapes);
        }
    }
}
