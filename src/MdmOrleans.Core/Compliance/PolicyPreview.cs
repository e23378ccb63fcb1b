using System.Collections.Frozen;
using System.Collections.Immutable;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Compliance;

/// <summary>What a draft of a policy would make of a fleet, device by device, by the very rules that would judge it. Changes nothing.</summary>
public sealed class PolicyPreview
{
    private readonly TenantView _view;
    private readonly DateTimeOffset _now;

    private PolicyPreview(TenantView view, Policy draft, DateTimeOffset now) => (_view, Draft, _now) = (view, draft, now);

    public Policy Draft { get; }

    /// <param name="tenant">With whatever policies it has; the draft takes the place of the one of its name.</param>
    /// <param name="asDefault">Also judges by the draft what has no policy of its own, as if it were the tenant's default already.</param>
    public static PolicyPreview Of(TenantView tenant, Policy draft, bool asDefault, DateTimeOffset now)
    {
        var policies = tenant.Policies.Where(policy => policy.Key != draft.Version.Id).Append(KeyValuePair.Create(draft.Version.Id, draft));
        var settings = asDefault && tenant.Tenant.Settings.DefaultPolicy != draft.Version.Id
            ? tenant.Tenant with { Settings = tenant.Tenant.Settings with { DefaultPolicy = draft.Version.Id }, DefaultPolicySince = now }
            : tenant.Tenant;
        return new PolicyPreview(new TenantView(settings, policies.ToFrozenDictionary(StringComparer.Ordinal)), draft, now);
    }

    /// <summary>What would become of <paramref name="device"/>; the same state where another policy judges it, or none ever does.</summary>
    public PreviewedDevice Judge(Device device)
    {
        if ((device.AssignedPolicy ?? _view.Tenant.Settings.DefaultPolicy) != Draft.Version.Id)
        {
            return PreviewedDevice.Unchanged(device);
        }

        var assignment = _view.Assign(device, device.Platform);
        var after = DeadlineRules.Act(device, assignment, _now).Device;
        return new PreviewedDevice(device, after, LadderRules.Coming(after.Compliance.Ladder, assignment, after.Compliance.NoncompliantSince));
    }
}

/// <summary>A device before and after.</summary>
/// <param name="Steps">Of the ladder, if it stays as it would become.</param>
public sealed record PreviewedDevice(Device Before, Device After, ImmutableArray<ComingLadderStep> Steps)
{
    /// <summary>Whether anybody would notice: another status, another end of the grace, other access, another next step.</summary>
    public bool IsChange =>
        Before.Compliance.Status != After.Compliance.Status
        || Before.Compliance.GraceEndsAt != After.Compliance.GraceEndsAt
        || Before.Compliance.Ladder?.NextAt != After.Compliance.Ladder?.NextAt
        || Before.Lifecycle != After.Lifecycle
        || Before.Access.Level != After.Access.Level;

    /// <summary>The rules that make the difference: those that would begin or cease to fail; where there are none, all that would fail.</summary>
    public ImmutableArray<string> Rules
    {
        get
        {
            var (before, after) = (Failing(Before), Failing(After));
            ImmutableArray<string> differing = [.. after.Except(before), .. before.Except(after)];
            return differing.IsEmpty ? after : differing;
        }
    }

    public static PreviewedDevice Unchanged(Device device) => new(device, device, []);

    private static ImmutableArray<string> Failing(Device device) => [.. device.Compliance.Findings.Select(finding => finding.Rule)];
}
