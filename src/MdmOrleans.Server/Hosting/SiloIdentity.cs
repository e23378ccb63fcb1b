using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MdmOrleans.Server.Hosting;

/// <summary>Names this silo by the guarded clock. By the system's, a silo that starts after its clock was set back would be an ancestor of itself, and dead.</summary>
internal sealed class SiloIdentity : ILocalSiloDetails
{
    // Orleans counts the seconds since then, and gives up generations that are too old by its own count.
    private static readonly DateTimeOffset FirstGeneration = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lazy<SiloAddress> _silo;
    private readonly Lazy<SiloAddress?> _gateway;

    public SiloIdentity(IOptions<SiloOptions> silo, IOptions<ClusterOptions> cluster, IOptions<EndpointOptions> endpoints, TimeProvider time)
    {
        (Name, ClusterId, DnsHostName) = (silo.Value.SiloName, cluster.Value.ClusterId, Dns.GetHostName());
        var (address, siloPort, gatewayPort) = (endpoints.Value.AdvertisedIPAddress, endpoints.Value.SiloPort, endpoints.Value.GatewayPort);
        _silo = new(() => SiloAddress.New(address, siloPort, (int)(time.GetUtcNow() - FirstGeneration).TotalSeconds));
        _gateway = new(() => gatewayPort == 0 ? null : SiloAddress.New(address, gatewayPort, 0));
    }

    public string Name { get; }

    public string ClusterId { get; }

    public string DnsHostName { get; }

    public SiloAddress SiloAddress => _silo.Value;

    public SiloAddress GatewayAddress => _gateway.Value!; // as Orleans' own: null where there is no gateway
}
