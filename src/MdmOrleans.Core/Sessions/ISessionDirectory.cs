using System.Collections.Immutable;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Sessions;

/// <summary>Which devices are connected, asked of the gateways that hold them.</summary>
/// <remarks>
/// A gateway that does not answer within a second counts as holding nothing. What a twin knows of its session does not
/// count here: that is stored with the next change only, and may be an older one, or none.
/// </remarks>
public interface ISessionDirectory
{
    /// <summary>Whether any live gateway holds a session of each, in the order given.</summary>
    Task<ImmutableArray<bool>> AreConnectedAsync(ImmutableArray<DeviceId> devices);

    /// <summary>Connected devices of the tenant.</summary>
    Task<long> CountAsync(TenantId tenant);
}
