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

    /// <summary>By <see cref="AccessKey.Id"/>, ascending.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<ImmutableArray<AccessKey>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A conflict when a key that shares a tenant with it has, or had, its name.</summary>
    [Alias("Add")]
    Task<Problem?> AddAsync(AccessKey key, CancellationToken cancellationToken);

    /// <summary>Makes the administrator key where there is none.</summary>
    /// <returns>False: there is one, and it stays.</returns>
    [Alias("TryMakeAdmin")]
    Task<bool> TryMakeAdminAsync(SecretHash secret, CancellationToken cancellationToken);

    /// <summary>Makes this the administrator key in place of the one before. Its age starts again, unless it is the same secret.</summary>
    [Alias("SetAdmin")]
    Task SetAdminAsync(SecretHash secret, CancellationToken cancellationToken);

    /// <summary>Not found when there is no such key.</summary>
    /// <param name="id"><see cref="AccessKey.Id"/>.</param>
    [Alias("Remove")]
    Task<Problem?> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Whether a key may decide what somebody asked for.</summary>
    /// <returns>Null: it may.</returns>
    [Alias("MayDecide"), AlwaysInterleave]
    Task<Problem?> MayDecideAsync(DecisionRequest request, CancellationToken cancellationToken);
}

/// <summary>A question before a decision.</summary>
/// <param name="Key">The name of the key that wants to decide.</param>
/// <param name="Needs">What its role must be at least.</param>
/// <param name="AskedBy">The actor from whom it must differ as a second person; null where anybody with the right may decide.</param>
[GenerateSerializer, Immutable, Alias("mdm.DecisionRequest")]
public sealed record DecisionRequest(
    [property: Id(0)] string Key, [property: Id(1)] TenantId Tenant, [property: Id(2)] KeyRole Needs, [property: Id(3)] string? AskedBy);
