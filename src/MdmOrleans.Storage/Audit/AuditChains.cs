using System.Collections.Immutable;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Storage.Audit;

/// <summary>What both databases know of chains.</summary>
internal static class AuditChains
{
    /// <summary>The column <c>tenant</c>; no tenant has the installation's name.</summary>
    public static string NameOf(TenantId? tenant) => tenant?.Name ?? string.Empty;

    public static TenantId? TenantOf(string name) => name.Length == 0 ? null : TenantId.Parse(name);
}

/// <summary>Takes ends of histories in the order of their devices and keeps a digest for each shard.</summary>
internal sealed class ShardDigests : IDisposable
{
    private readonly SortedDictionary<int, HeadsDigest> _digests = [];

    public void Add(int shard, string device, long number, ReadOnlySpan<byte> hash)
    {
        if (!_digests.TryGetValue(shard, out var digest))
        {
            _digests[shard] = digest = new HeadsDigest();
        }

        digest.Add(device, number, hash);
    }

    public ImmutableArray<ShardHeads> Complete() => [.. _digests.Select(shard => shard.Value.Complete(shard.Key))];

    public void Dispose()
    {
        foreach (var digest in _digests.Values)
        {
            digest.Dispose();
        }
    }
}
