using System.Collections.Immutable;
using System.Diagnostics;
using MdmOrleans.Core;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Storage.Twins;

/// <summary>Devices that are alike, in the words of their rows.</summary>
internal readonly record struct FleetGroup(string Lifecycle, string Compliance, string Access, string? Platform, PolicyVersion? Policy);

/// <summary>Adds up groups of devices that are alike.</summary>
internal sealed class SummaryBuilder
{
    private readonly Dictionary<LifecycleState, long> _lifecycle = [];
    private readonly Dictionary<ComplianceStatus, long> _compliance = [];
    private readonly Dictionary<AccessLevel, long> _access = [];
    private readonly Dictionary<Platform, long> _platform = [];
    private readonly Dictionary<PolicyVersion, long> _policies = [];
    private long _devices;
    private long _overdue;
    private DateTimeOffset? _oldestDueAt;

    public void Add(FleetGroup group, long devices, long overdue, DateTimeOffset? oldestDueAt)
    {
        var lifecycle = WireNames.ToLifecycleState(group.Lifecycle);
        Count(_lifecycle, lifecycle, devices);
        Count(_compliance, WireNames.ToComplianceStatus(group.Compliance), devices);
        Count(_access, WireNames.ToAccessLevel(group.Access), devices);
        if (group.Platform is { } platform)
        {
            Count(_platform, WireNames.ToPlatform(platform), devices);
        }

        if (group.Policy is { } policy && lifecycle != LifecycleState.Retired)
        {
            _policies[policy] = _policies.GetValueOrDefault(policy) + devices;
        }

        _devices += devices;
        _overdue += overdue;
        _oldestDueAt = _oldestDueAt is null || oldestDueAt < _oldestDueAt ? oldestDueAt : _oldestDueAt;
    }

    public FleetSummary Build() => new(
        _devices,
        _lifecycle.ToImmutableDictionary(),
        _compliance.ToImmutableDictionary(),
        _access.ToImmutableDictionary(),
        _platform.ToImmutableDictionary(),
        _policies.ToImmutableDictionary(),
        _overdue,
        _oldestDueAt);

    private static void Count<T>(Dictionary<T, long> counts, T? state, long devices)
        where T : struct
    {
        var known = state ?? throw new UnreachableException("A row has a word that nobody wrote");
        counts[known] = counts.GetValueOrDefault(known) + devices;
    }
}
