using System.Collections.Immutable;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Sessions;

/// <summary>Speaks to the gateway silos. What it tells is a hint and never waited for; a gateway that is gone needs none.</summary>
public interface IGatewayClient
{
    void Push(DeviceId device, DeviceSession session, DeviceCommand command);

    void Close(DeviceId device, DeviceSession session, CloseReason reason);

    /// <summary>Whether any gateway that answers holds a session of each, in the order given.</summary>
    Task<ImmutableArray<bool>> AreHeldAsync(ImmutableArray<DeviceId> devices);

    /// <summary>The device's newest session on each of the gateways that answer and have one.</summary>
    /// <param name="except">A gateway that need not be asked.</param>
    Task<ImmutableArray<DeviceSession>> FindAsync(DeviceId device, SiloAddress? except = null);

    /// <summary>Live sessions of the tenant over all gateways that answer.</summary>
    Task<long> CountAsync(TenantId tenant);
}
