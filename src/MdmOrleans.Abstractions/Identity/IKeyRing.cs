using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions.Identity;

/// <summary>All API keys. Key: 0.</summary>
[GrainInterfaceType("mdm.keys")]
public interface IKeyRing : IGrainWithIntegerKey
{
    /// <summary>The key with this secret; null when there is none.</summary>
    [Alias("Find"), AlwaysInterleave, ResponseTimeout("00:00:01")]
    Task<AccessKey?> FindAsync(SecretHash secret, CancellationToken cancellationToken);

    /// <summary>By name, ascending.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<ImmutableArray<AccessKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A conflict when the name is taken.</summary>
    [Alias("Add")]
    Task<Problem?> AddAsync(AccessKey key, CancellationToken cancellationToken);

    /// <summary>Makes this the administrator key, named <c>admin</c>, in place of the one before.</summary>
    [Alias("SetAdmin")]
    Task SetAdminAsync(SecretHash secret, CancellationToken cancellationToken);

    /// <summary>Not found when there is none.</summary>
    [Alias("Remove")]
    Task<Problem?> RemoveAsync(string name, CancellationToken cancellationToken);
}
