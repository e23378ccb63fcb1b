using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core.Identity;
using Orleans.Concurrency;

namespace MdmOrleans.Grains.Sessions;

/// <summary>Holds nothing: it asks the gateways.</summary>
[StatelessWorker]
[GrainType("mdm.sessions")]
internal sealed class SessionDirectoryGrain(IGatewayClient gateways) : Grain, ISessionDirectory
{
    public Task<ImmutableArray<bool>> AreConnectedAsync(ImmutableArray<DeviceId> devices, CancellationToken cancellationToken) =>
        gateways.AreHeldAsync(devices);

    public Task<long> CountAsync(TenantId tenant, CancellationToken cancellationToken) => gateways.CountAsync(tenant);
}
