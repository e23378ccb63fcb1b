using MdmOrleans.Grains;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Server.Hosting.Cluster;
using MdmOrleans.Storage;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Serialization;
using Orleans.Storage;

namespace MdmOrleans.Server.Hosting;

/// <summary>Every process is a silo of the same cluster; its roles decide what it hosts.</summary>
internal static class SiloComposition
{
    public static void AddSilo(this WebApplicationBuilder builder, ServerSettings settings) => builder.UseOrleans(silo =>
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.Services.AddSingleton<ILocalSiloDetails, SiloIdentity>();
        silo.AddMdmGrains(hostsDevices: settings.Roles.HasFlag(Roles.Twins));
        if (settings.Roles.HasFlag(Roles.Twins))
        {
            silo.AddMdmDeadlines();
        }

        silo.GuardConnections(settings);
        silo.AddMdmAudit();

        silo.AddDashboard(dashboard => dashboard.HideTrace = true);

        // So that a database that is away is told apart from a bug on the other side of a call, too.
        silo.Services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add("Npgsql"));

        // With the default directory, stopping a silo that hosts no device deactivates devices elsewhere.
        silo.AddDistributedGrainDirectory();

        // A lease would block the devices of a lost silo for half a minute; writes are fenced by version instead.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        silo.BoundHungSilos();
        if (settings.IsEmbedded)
        {
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, null, settings.ServiceId, settings.ClusterId);
        }
        else
        {
            silo.UseCluster(settings);
        }

        silo.UseAdoNetReminderService(reminders => reminders.Configure<OrleansDatabase>((options, database) =>
            (options.Invariant, options.DataSource, options.ConnectionString) = (database.Invariant, database.DataSource, database.ConnectionString!)));
        silo.AddAdoNetGrainStorage(GrainStorageNames.Default, storage => storage.Configure<OrleansDatabase, OrleansGrainStorageSerializer>(
            (options, database, serializer) =>
            {
                (options.Invariant, options.DataSource, options.ConnectionString) = (database.Invariant, database.DataSource, database.ConnectionString!);
                options.GrainStorageSerializer = serializer;
            }));
        silo.Services.AddSingleton<OrleansGrainStorageSerializer>();
    });

    private static void UseCluster(this ISiloBuilder silo, ServerSettings settings)
    {
        silo.UseAdoNetClustering(clustering => clustering.Configure<OrleansDatabase>((options, database) =>
            (options.Invariant, options.DataSource) = (database.Invariant, database.DataSource)));
        silo.Configure<EndpointOptions>(endpoints =>
        {
            (endpoints.SiloPort, endpoints.GatewayPort) = (settings.SiloPort, settings.GatewayPort);
            if (settings.AdvertisedAddress is { } address) // else Orleans finds one of this host, later than here
            {
                endpoints.AdvertisedIPAddress = address;
            }
        });
    }
}
