using MdmOrleans.Api.Access;
using MdmOrleans.Api.Audit;
using MdmOrleans.Api.Clocks;
using MdmOrleans.Api.Commands;
using MdmOrleans.Api.Compliance;
using MdmOrleans.Api.Devices;
using MdmOrleans.Api.Docs;
using MdmOrleans.Api.Health;
using MdmOrleans.Api.History;
using MdmOrleans.Api.Identity;
using MdmOrleans.Api.Integrations;
using MdmOrleans.Api.Landing;
using MdmOrleans.Api.Lifecycle;
using MdmOrleans.Api.Operations;
using MdmOrleans.Api.Telemetry;
using MdmOrleans.Api.Tenancy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace MdmOrleans.Api;

/// <summary>All routes, feature by feature.</summary>
public static class ApiEndpoints
{
    /// <summary>What every process answers, whatever its roles: health and metrics.</summary>
    public static void MapMdmOperations(this IEndpointRouteBuilder endpoints, IHostEnvironment environment)
    {
        endpoints.MapHealth();
        endpoints.MapMetrics(environment);
    }

    /// <summary>What a process with the role <c>api</c> answers. Needs <c>AddDashboard</c> on the silo.</summary>
    public static void MapMdmApi(this IEndpointRouteBuilder endpoints, IHostEnvironment environment)
    {
        var v1 = endpoints.MapGroup("/v1");
        v1.MapKeys();
        v1.MapClock();
        v1.MapTenants();
        v1.MapFleet();
        v1.MapInbound();
        v1.MapAccessCheck();
        v1.MapInstallationAudit();

        var tenant = v1.MapGroup("/tenants/{tenant}").WithMetadata(new TenantRoute());
        tenant.MapPolicies();
        tenant.MapPreview();
        tenant.MapDevices();
        tenant.MapOperations();
        tenant.MapHolds();
        tenant.MapNominations();
        tenant.MapTenantHistory();
        tenant.MapTenantAudit();
        tenant.MapAccessStream();

        var device = tenant.MapGroup("/devices/{device}");
        device.MapTransitions();
        device.MapCommands();
        device.MapHistory();
        device.MapExplanation();
        device.MapAccess();

        endpoints.MapDocs();
        endpoints.MapLanding();
        endpoints.MapDashboard(environment);
    }

    private static void MapDashboard(this IEndpointRouteBuilder endpoints, IHostEnvironment environment)
    {
        var dashboard = endpoints.MapOrleansDashboard("/dashboard").ExcludeFromDescription();
        if (environment.IsDevelopment())
        {
            dashboard.AllowAnonymous();
        }
        else
        {
            dashboard.RequireAuthorization(Authorization.Inspects); // it shows the state of every tenant's grains
        }
    }
}
