using System.Collections.Immutable;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Abstractions.Sessions;

/// <summary>Which devices are connected, asked of the gateways that hold them. Key: 0.</summary>
/// <remarks>
/// A gateway that does not answer holds nothing, as far as anybody can know. What a twin knows of its session does not
/// count here: that is stored with the next change only, and may be an older one, or none.
/// </remarks>
[GrainInterfaceType("mdm.sessions")]
public interface ISessionDirectory : IGrainWithIntegerKey
{
    /// <summary>Whether any live gateway holds a session of each, in the order given.</summary>
    [Alias("AreConnected")]
    Task<ImmutableArray<bool>> AreConnectedAsync(ImmutableArray<DeviceId> devices, CancellationToken cancellationToken);

    /// <summary>Connected devices of the tenant.</summary>
    [Alias("Count")]
    Task<long> CountAsync(TenantId tenant, CancellationToken cancellationToken);
}
