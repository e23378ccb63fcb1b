using System.Collections.Immutable;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Abstractions.Telemetry;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Telemetry;

/// <summary>One for the whole cluster, so that the database counts once a minute and not once a server.</summary>
[GrainType("mdm.census")]
internal sealed class FleetCensusGrain(IDeviceQueries devices, TimeProvider time) : Grain, IFleetCensus
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(55); // whoever asks every minute gets a new count each time

    private ImmutableArray<FleetCount> _counts = [];
    private long? _countedAt;

    public async Task<ImmutableArray<FleetCount>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_countedAt is not { } countedAt || time.GetElapsedTime(countedAt) >= Life)
        {
            var tenants = await GrainFactory.GetGrain<ITenantDirectory>(0).ListAsync(cancellationToken);
            var counts = ImmutableArray.CreateBuilder<FleetCount>(tenants.Length);
            foreach (var tenant in tenants) // one after the other: a count must not take the database from those who wait for it
            {
                counts.Add(await CountAsync(tenant, cancellationToken));
            }

            (_counts, _countedAt) = (counts.DrainToImmutable(), time.GetTimestamp());
        }

        return _counts;
    }

    private async Task<FleetCount> CountAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var now = time.GetInstant();
        var all = await devices.SummarizeAsync(tenant, new DeviceFilter(), now, cancellationToken);
        var held = await devices.SummarizeAsync(tenant, new DeviceFilter { HasHolds = true }, now, cancellationToken);
        var operations = await GrainFactory.GetGrain<IOperationDirectory>(tenant.ToString()).CountOpenAsync(cancellationToken);
        return new FleetCount(tenant, all.Lifecycle, all.Compliance, all.Access, held.Devices, operations);
    }
}
