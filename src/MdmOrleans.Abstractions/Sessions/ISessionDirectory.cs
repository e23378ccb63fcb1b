using System.Collections.Immutable;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Abstractions.Sessions;

/// <summary>Which devices are connected, asked of the gateways that hold them. Key: 0.</summary>
/// <remarks>A gateway that does not answer holds nothing, as far as anybody can know.</remarks>
[GrainInterfaceType("mdm.sessions")]
public interface ISessionDirectory : IGrainWithIntegerKey
{
    /// <summary>Whether each of these is held by a live gateway, in the order given; null entries are never connected.</summary>
    [Alias("AreConnected")]
    Task<ImmutableArray<bool>> AreConnectedAsync(ImmutableArray<SessionPlace?> places, CancellationToken cancellationToken);

    /// <summary>Connected devices of the tenant.</summary>
    [Alias("Count")]
    Task<long> CountAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>A session and the address of the silo that is said to hold it.</summary>
[GenerateSerializer, Immutable, Alias("mdm.SessionPlace")]
public sealed record SessionPlace([property: Id(0)] SessionKey Key, [property: Id(1)] string Gateway);
