using System.Collections.Immutable;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;

namespace MdmOrleans.Grains.Sessions;

/// <summary>Asks the gateways directly: a grain's address is looked up first, and the silo that knows it may hang.</summary>
internal sealed class SessionDirectory(IGatewayClient gateways) : ISessionDirectory
{
    public Task<ImmutableArray<bool>> AreConnectedAsync(ImmutableArray<DeviceId> devices) => gateways.AreHeldAsync(devices);

    public Task<long> CountAsync(TenantId tenant) => gateways.CountAsync(tenant);
}
