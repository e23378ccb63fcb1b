using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions.Compliance;

/// <summary>One policy with all its versions. Key: <c>PolicyId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.policy")]
public interface IPolicyGrain : IGrainWithStringKey
{
    /// <param name="version">1, 2, 3 …; null: the newest.</param>
    /// <returns>Null when there is no such policy or version.</returns>
    [Alias("Read"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<StoredPolicy?> ReadAsync(int? version, CancellationToken cancellationToken);

    /// <summary>Stores a new version, unless the content is that of the newest. Every silo judges by it when this returns.</summary>
    /// <param name="json">The policy of <c>http.md</c>; validated here again.</param>
    /// <param name="expectedVersion">0: it must not exist yet; null: any.</param>
    [Alias("Put")]
    Task<Outcome<StoredPolicy>> PutAsync(Utf8Block json, int? expectedVersion, string actor, CancellationToken cancellationToken);
}

/// <param name="Json">Canonical: equal content is equal bytes.</param>
[GenerateSerializer, Immutable, Alias("mdm.StoredPolicy")]
public sealed record StoredPolicy(
    [property: Id(0)] string Name,
    [property: Id(1)] int Version,
    [property: Id(2)] DateTimeOffset StoredAt,
    [property: Id(3)] Utf8Block Json);
