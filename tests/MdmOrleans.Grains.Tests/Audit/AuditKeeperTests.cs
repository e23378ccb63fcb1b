using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tests.Hosting;

namespace MdmOrleans.Grains.Tests.Audit;

public sealed class AuditKeeperTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_day_is_anchored_once_and_names_the_day_before()
    {
        await cluster.CreateTenantAsync("anchored");
        await cluster.CreateDeviceAsync("anchored/device");
        await cluster.AuditKeeper.KeepAsync(Cancellation);
        cluster.Time.Advance(TimeSpan.FromDays(1));

        await cluster.AuditKeeper.KeepAsync(Cancellation);
        await cluster.AuditKeeper.KeepAsync(Cancellation);

        var anchors = await cluster.Anchors.ReadAsync(TenantId.Parse("anchored"), 10, Cancellation);
        Assert.Equal([1L, 0L], anchors.Select(anchor => anchor.Shards.Sum(shard => shard.Histories)));
        Assert.Empty(AnchorRules.Check(anchors, isWhole: true, cluster.AnchorKey));
        Assert.Equal(cluster.Time.GetUtcNow().UtcDateTime.Date, anchors[0].At.UtcDateTime);
    }

    [Fact]
    public async Task What_a_crash_left_open_is_settled_by_what_is_there()
    {
        await cluster.CreateTenantAsync("settled");
        var tenant = TenantId.Parse("settled");
        var announced = await cluster.Trail.AppendAsync(tenant, AnIntent("policy:never-stored"), Cancellation);
        await cluster.AuditKeeper.KeepAsync(Cancellation);
        Assert.DoesNotContain(await ReadAsync(tenant), record => record.Entry.Intent == announced.Number); // it may be under way

        cluster.Time.Advance(IntentRules.Patience + TimeSpan.FromSeconds(1));
        await cluster.AuditKeeper.KeepAsync(Cancellation);
        await cluster.AuditKeeper.KeepAsync(Cancellation);

        var outcome = Assert.Single(await ReadAsync(tenant), record => record.Entry.Intent == announced.Number);
        Assert.Equal((AuditResults.NotDone, "key:admin"), (outcome.Entry.Result, outcome.Entry.Actor));
    }

    private Task<ImmutableArray<AuditRecord>> ReadAsync(TenantId tenant) =>
        cluster.Trail.ReadAsync(tenant, AuditFilter.All, 0, 100, Cancellation).AsTask();

    private AuditEntry AnIntent(string target) => new()
    {
        At = cluster.Time.GetUtcNow(),
        Actor = "key:admin",
        Action = AuditActions.PolicyPut,
        Target = target,
        Result = AuditResults.Intended,
        After = Utf8Block.FromText("{}"),
    };
}
