using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Abstractions.Telemetry;

/// <summary>Counts every fleet once a minute, however many servers ask. Key: 0.</summary>
[GrainInterfaceType("mdm.census")]
public interface IFleetCensus : IGrainWithIntegerKey
{
    /// <summary>The newest count, at most a minute old where the database answers; counts when it is older. In the order of the tenants' names.</summary>
    [Alias("Read"), ResponseTimeout("00:00:30")]
    Task<ImmutableArray<FleetCount>> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The fleet of one tenant. A state that no device is in may be missing.</summary>
/// <param name="Held">Devices with a command that waits for a person.</param>
/// <param name="Operations">Operations that are not settled.</param>
[GenerateSerializer, Immutable, Alias("mdm.FleetCount")]
public sealed record FleetCount(
    [property: Id(0)] TenantId Tenant,
    [property: Id(1)] ImmutableDictionary<LifecycleState, long> Lifecycle,
    [property: Id(2)] ImmutableDictionary<ComplianceStatus, long> Compliance,
    [property: Id(3)] ImmutableDictionary<AccessLevel, long> Access,
    [property: Id(4)] long Held,
    [property: Id(5)] int Operations);
