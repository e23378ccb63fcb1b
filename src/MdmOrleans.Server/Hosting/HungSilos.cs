using Orleans.Configuration;

namespace MdmOrleans.Server.Hosting;

/// <summary>How soon a silo that hangs is noticed, and how long anybody waits for it until then.</summary>
internal static class HungSilos
{
    // Three missed probes, and nothing heard on any connection for MaxProbeTimeout × 3 = 9 s: a silo that hangs is evicted after some
    // 12 s. A busy one is not, because whatever it sends counts as a sign of life. Orleans' own settings take 60 s.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxProbeTimeout = TimeSpan.FromSeconds(3);

    // HTTP answers within five seconds, also where what it asks for lives on a silo that hangs. Calls that may take longer say so themselves.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(4);

    public static ISiloBuilder BoundHungSilos(this ISiloBuilder silo) => silo
        .Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = ProbeTimeout;
            membership.MaxProbeTimeout = MaxProbeTimeout;
        })
        .Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);
}
