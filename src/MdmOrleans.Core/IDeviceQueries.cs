using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core;

/// <summary>Which devices of a tenant; what is null does not restrict.</summary>
[GenerateSerializer, Immutable, Alias("mdm.DeviceFilter")]
public sealed record DeviceFilter
{
    [Id(0)]
    public LifecycleState? Lifecycle { get; init; }

    [Id(1)]
    public ComplianceStatus? Compliance { get; init; }

    [Id(2)]
    public AccessLevel? Access { get; init; }

    [Id(3)]
    public Platform? Platform { get; init; }

    /// <summary>A label and its value; a null value: the label in any value.</summary>
    [Id(4)]
    public KeyValuePair<string, string?>? Label { get; init; }

    [Id(5)]
    public string? Serial { get; init; }

    /// <summary>Nominated for retirement, and not retired.</summary>
    [Id(6)]
    public bool Nominated { get; init; }

    /// <summary>The one of this name.</summary>
    [Id(7)]
    public string? Name { get; init; }

    /// <summary>True: only those of which a command waits for a person.</summary>
    [Id(8)]
    public bool HasHolds { get; init; }

    /// <summary>Not heard of at or after this instant, or never.</summary>
    [Id(9)]
    public DateTimeOffset? NotSeenSince { get; init; }

    /// <summary>Only these; default: whatever they are called.</summary>
    [Id(10)]
    public ImmutableArray<string> Names { get; init; }

    /// <summary>Checked in at or after this instant, and not retired.</summary>
    [Id(40)]
    public DateTimeOffset? CheckedInSince { get; init; }

    /// <summary>Only the devices of the shards below this one; a shard holds one in 256, chosen by a stable hash.</summary>
    [Id(41)]
    public int? ShardsBelow { get; init; }

    /// <summary>What a person asked for, on top of the rest.</summary>
    [Id(42)]
    public DeviceSearch? Search { get; init; }
}

/// <summary>How many devices of a tenant are what. A state that no device is in may be missing.</summary>
/// <param name="Policies">By the version of a policy that judged them last; retired ones are not judged any more and do not count.</param>
/// <param name="Overdue">Devices whose next deadline has passed.</param>
/// <param name="OldestDueAt">The deadline of the one that waits longest; null when nothing is overdue.</param>
public sealed record FleetSummary(
    long Devices,
    ImmutableDictionary<LifecycleState, long> Lifecycle,
    ImmutableDictionary<ComplianceStatus, long> Compliance,
    ImmutableDictionary<AccessLevel, long> Access,
    ImmutableDictionary<Platform, long> Platform,
    ImmutableDictionary<PolicyVersion, long> Policies,
    long Overdue,
    DateTimeOffset? OldestDueAt);

/// <summary>Questions about many devices, answered by the database and never by the grains.</summary>
public interface IDeviceQueries
{
    /// <summary>Devices of <paramref name="tenant"/> by name, ascending.</summary>
    /// <param name="after">The name to start behind; null: from the beginning.</param>
    /// <param name="limit">1 to 1,000.</param>
    ValueTask<ImmutableArray<Device>> ListAsync(TenantId tenant, DeviceFilter filter, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Devices of several tenants by tenant and name, ascending.</summary>
    /// <param name="after">The device to start behind; null: from the beginning.</param>
    /// <param name="limit">1 to 1,000.</param>
    ValueTask<ImmutableArray<Device>> ListAsync(
        ImmutableArray<TenantId> tenants, DeviceFilter filter, DeviceId? after, int limit, CancellationToken cancellationToken);

    /// <summary>Names of devices of <paramref name="tenant"/>, ascending.</summary>
    /// <param name="after">The name to start behind; null: from the beginning.</param>
    /// <param name="limit">1 to 10,000.</param>
    ValueTask<ImmutableArray<string>> ListNamesAsync(
        TenantId tenant, DeviceFilter filter, string? after, int limit, CancellationToken cancellationToken);

    ValueTask<FleetSummary> SummarizeAsync(TenantId tenant, DeviceFilter filter, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Events of one device with a number above <paramref name="after"/>, ascending.</summary>
    /// <param name="limit">1 to 1,000.</param>
    ValueTask<ImmutableArray<DeviceEvent>> ReadEventsAsync(DeviceId id, long after, int limit, CancellationToken cancellationToken);
}

/// <summary>Whether the database stores what it is given.</summary>
public interface IStorageHealth
{
    /// <summary>
    /// False when it does not answer within a second or so, when a write, which is tried at most every five seconds, fails, and for
    /// ten seconds after the stores themselves could not write. Never throws for a database that is away.
    /// </summary>
    ValueTask<bool> TakesWritesAsync(CancellationToken cancellationToken);
}
