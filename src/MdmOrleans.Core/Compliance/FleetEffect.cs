using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Compliance;

/// <summary>How many devices of a fleet have which access before and after a change, and how many lose it to the change.</summary>
/// <param name="Judged">Devices that were looked at.</param>
/// <param name="Affected">Those of them from which the change takes <c>allow</c>, now or when their grace ends.</param>
public sealed record FleetEffect(
    long Judged, long Affected, ImmutableDictionary<AccessLevel, long> Before, ImmutableDictionary<AccessLevel, long> After)
{
    /// <summary>A change that takes <c>allow</c> from more devices, in percent of those that were judged, needs a confirmation.</summary>
    public const int MaxPercent = 10;

    public static FleetEffect None { get; } =
        new(0, 0, ImmutableDictionary<AccessLevel, long>.Empty, ImmutableDictionary<AccessLevel, long>.Empty);

    public bool IsMass => Affected * 100 > Judged * MaxPercent;

    /// <param name="before">Its access without the change.</param>
    /// <param name="after">Its access with it, at the end of its grace where the change begins one.</param>
    public FleetEffect Add(AccessLevel before, AccessLevel after, bool isAffected, long devices = 1) => new(
        Judged + devices,
        Affected + (isAffected ? devices : 0),
        Before.SetItem(before, Before.GetValueOrDefault(before) + devices),
        After.SetItem(after, After.GetValueOrDefault(after) + devices));

    /// <summary>Judges one device as a tenant judges it now, and as it would judge it; the rules are those of every evaluation.</summary>
    public FleetEffect Add(Device device, TenantView now, TenantView then, DateTimeOffset at)
    {
        var before = DeadlineRules.Act(device, now.Assign(device, device.Platform), at).Device;
        var after = DeadlineRules.Act(before, then.Assign(before, before.Platform), at).Device;
        var isAffected = before.Access.Level == AccessLevel.Allow
            && (after.Access.Level != AccessLevel.Allow || (before.Compliance.GraceEndsAt is null && after.Compliance.GraceEndsAt is not null));
        var level = isAffected && after.Access.Level == AccessLevel.Allow ? AccessLevel.Quarantine : after.Access.Level;
        return Add(before.Access.Level, level, isAffected);
    }
}
