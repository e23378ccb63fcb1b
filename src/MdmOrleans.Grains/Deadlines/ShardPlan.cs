using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Which silo keeps which shard awake: every silo comes to the same answer, and a silo that comes or goes moves its own shards only.</summary>
internal static class ShardPlan
{
    /// <param name="silos">Those that host shards; not empty.</param>
    public static SiloAddress OwnerOf(int shard, ImmutableArray<SiloAddress> silos) =>
        silos.MaxBy(silo => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{silo.ToParsableString()}#{shard}")))!; // there is one
}
