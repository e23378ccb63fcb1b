using System.Collections.Immutable;
using System.Net;
using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Grains.Deadlines;

namespace MdmOrleans.Grains.Tests.Deadlines;

public sealed class ShardPlanTests
{
    [Fact]
    public void Silos_share_the_shards_about_evenly()
    {
        var silos = Silos(4);

        var counts = Enumerable.Range(0, DeadlineShards.Count).CountBy(shard => ShardPlan.OwnerOf(shard, silos));

        Assert.Equal(4, counts.Count());
        Assert.All(counts, count => Assert.InRange(count.Value, 40, 90));
    }

    [Fact]
    public void A_silo_that_leaves_moves_its_own_shards_only()
    {
        var silos = Silos(4);
        var left = silos.RemoveAt(2);

        foreach (var shard in Enumerable.Range(0, DeadlineShards.Count).Where(shard => !ShardPlan.OwnerOf(shard, silos).Equals(silos[2])))
        {
            Assert.Equal(ShardPlan.OwnerOf(shard, silos), ShardPlan.OwnerOf(shard, left));
        }
    }

    private static ImmutableArray<SiloAddress> Silos(int count) =>
        [.. Enumerable.Range(1, count).Select(i => SiloAddress.New(new IPEndPoint(IPAddress.Parse($"10.0.0.{i}"), 11111), i))];
}
