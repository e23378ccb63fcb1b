using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Clocks;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Core.Tenancy;
using MdmOrleans.Grains.Audit;
using MdmOrleans.Grains.CheckIns;
using MdmOrleans.Grains.Clients;
using MdmOrleans.Grains.Clocks;
using MdmOrleans.Grains.Commands;
using MdmOrleans.Grains.Compliance;
using MdmOrleans.Grains.Deadlines;
using MdmOrleans.Grains.Operations;
using MdmOrleans.Grains.Sessions;
using MdmOrleans.Grains.States;
using MdmOrleans.Grains.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MdmOrleans.Grains.Hosting;

public static class MdmGrainsExtensions
{
    /// <summary>What every silo needs to host, or to call, the grains of this product.</summary>
    /// <param name="hostsDevices">False: device twins live on other silos.</param>
    public static ISiloBuilder AddMdmGrains(this ISiloBuilder silo, bool hostsDevices)
    {
        silo.AddGrainService<TenantCatalogService>();
        silo.AddGrainService<ClockService>();
        silo.Services
            .AddSingleton(_ => new SteadyTime(TimeProvider.System))
            .AddKeyedSingleton<TimeProvider>(KeyedService.AnyKey, (provider, _) => provider.GetRequiredService<SteadyTime>())
            .AddKeyedSingleton(TimeProviderNames.Membership, TimeProvider.System) // it writes what the system's clock says, and compares with that
            .AddKeyedSingleton(TimeProviderNames.Grains, (provider, _) => provider.GetRequiredService<TimeProvider>());
        silo.Services.TryAddSingleton<IClockGuard, UnguardedClock>();
        silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = OperationGrain.ReminderPeriod);
        silo.Services
            .AddSingleton<IAttributeToFactoryMapper<StoredAttribute>, StoredAttributeMapper>()
            .AddSingleton<TenantCatalog>()
            .AddSingleton<ITenantViews>(provider => provider.GetRequiredService<TenantCatalog>())
            .AddSingleton<PolicyHistory>()
            .AddSingleton<IGatewayClient, GatewayClient>()
            .AddSingleton<ISessionDirectory, SessionDirectory>()
            .AddSingleton<ClockServices>()
            .AddSingleton<SiloLife>()
            .AddSingleton<ISiloLife>(provider => provider.GetRequiredService<SiloLife>())
            .AddSingleton<ITenantBroadcast, TenantBroadcast>();
        silo.Services.AddOptions<EventOptions>().BindConfiguration("Mqtt").ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<EventOptions>, EventOptionsValidator>();
        silo.Services.AddOptions<DeadlineOptions>().BindConfiguration("Deadlines").ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<DeadlineOptions>, DeadlineOptionsValidator>();
        silo.Services.AddOptions<GovernorOptions>().BindConfiguration("Governor").ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<GovernorOptions>, GovernorOptionsValidator>();
        silo.Services.AddOptions<LimitsOptions>().BindConfiguration("Limits").ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<LimitsOptions>, LimitsOptionsValidator>();
        silo.Services
            .AddSingleton<FleetRollouts>()
            .AddSingleton<ChangeTrail>()
            .AddSingleton<IntentSettlement>()
            .AddSingleton<ChainAnchoring>()
            .AddSingleton<TwinHandover>()
            .AddSingleton<SleepingTwins>()
            .AddSingleton<DeadlineGate>()
            .AddSingleton<DeadlineInstruments>()
            .AddSingleton<IDeadlineDesk, DeadlineDesk>();
        if (hostsDevices)
        {
            silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloLife>());
        }
        else
        {
            silo.Services.PostConfigure<GrainTypeOptions>(options =>
            {
                options.Classes.Remove(typeof(DeviceGrain));
                options.Classes.Remove(typeof(DeadlineShardGrain));
            });
        }

        return silo;
    }

    /// <summary>Settles announced changes and anchors the chains once a day. Needs an <see cref="AnchorKey"/>.</summary>
    public static ISiloBuilder AddMdmAudit(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, AuditPulse>();
        return silo;
    }

    /// <summary>Checks every call of a client from outside the cluster; without it whoever reaches a client gateway may do everything.</summary>
    public static ISiloBuilder AddMdmClientCalls(this ISiloBuilder silo)
    {
        silo.AddIncomingGrainCallFilter<ClientCallFilter>();
        return silo;
    }

    /// <summary>Wakes the devices of this silo when they are due, from when it is active; for silos that host devices.</summary>
    /// <remarks>Without it they act when they are spoken to, and when another silo's shards wake them.</remarks>
    public static ISiloBuilder AddMdmDeadlines(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DeadlineKeeper>();
        return silo;
    }
}
