using System.Collections.Immutable;
using MdmOrleans.Abstractions.Telemetry;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.Telemetry;

/// <summary>What the gauges of a fleet are made of.</summary>
public sealed class FleetCensusTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fleets_are_counted_by_tenant_once_a_minute()
    {
        await cluster.CreateTenantAsync("counted");
        await cluster.CreateTenantAsync("empty");
        await cluster.CreateDeviceAsync("counted/t1");
        await cluster.CreateDeviceAsync("counted/t2");
        await cluster.CheckIns("counted/t1").CheckInAsync(ACheckIn("16.5"), Cancellation);

        var first = await ReadAsync();
        await cluster.CreateDeviceAsync("counted/t3");
        var withinTheMinute = await ReadAsync();
        cluster.Time.Advance(TimeSpan.FromMinutes(1));
        var aMinuteLater = await ReadAsync();

        Assert.Equal((1L, 1L), (Of(first, "counted").Access[AccessLevel.Allow], Of(first, "counted").Access[AccessLevel.Quarantine]));
        Assert.Equal(1L, Of(first, "counted").Compliance[ComplianceStatus.Compliant]);
        Assert.Equal((0L, 0), (Of(first, "empty").Held, Of(first, "empty").Operations));
        Assert.Equal(1L, Of(withinTheMinute, "counted").Access[AccessLevel.Quarantine]);
        Assert.Equal(2L, Of(aMinuteLater, "counted").Access[AccessLevel.Quarantine]);
    }

    private Task<ImmutableArray<FleetCount>> ReadAsync() => cluster.Grains.GetGrain<IFleetCensus>(0).ReadAsync(Cancellation);

    private static FleetCount Of(ImmutableArray<FleetCount> counts, string tenant) => counts.Single(count => count.Tenant.Name == tenant);
}
