using MdmOrleans.Grains.Compliance;
using MdmOrleans.Grains.Sessions;
using MdmOrleans.Grains.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace MdmOrleans.Grains.Hosting;

public static class MdmGrainsExtensions
{
    /// <summary>What every silo needs to host, or to call, the grains of this product.</summary>
    /// <param name="hostsDevices">False: device twins live on other silos.</param>
    public static ISiloBuilder AddMdmGrains(this ISiloBuilder silo, bool hostsDevices)
    {
        silo.AddGrainService<TenantCatalogService>();
        silo.Services
            .AddSingleton<TenantCatalog>()
            .AddSingleton<PolicyHistory>()
            .AddSingleton<IGatewayClient, GatewayClient>()
            .AddSingleton<ITenantBroadcast, TenantBroadcast>();
        if (!hostsDevices)
        {
            silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.Remove(typeof(DeviceGrain)));
        }

        return silo;
    }
}
