using System.Collections.Frozen;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tenancy;

/// <summary>A tenant and the newest version of its policies, as one silo judges by them.</summary>
public sealed record TenantView(Tenant Tenant, FrozenDictionary<string, Policy> Policies)
{
    /// <summary>The device's own policy, or else the tenant's default, if it covers <paramref name="platform"/>.</summary>
    /// <param name="platform">Reported or expected; null: not known yet, and every policy covers it.</param>
    public PolicyAssignment Assign(Device device, Platform? platform)
    {
        var own = device.AssignedPolicy;
        var assignedAt = own is null ? Instants.Later(Tenant.DefaultPolicySince, device.PolicyAssignedAt) : device.PolicyAssignedAt ?? Tenant.DefaultPolicySince;
        var name = own ?? Tenant.Settings.DefaultPolicy;
        var named = name is null ? null : Policies.GetValueOrDefault(name);
        var effectiveAt = Instants.Later(assignedAt, named?.StoredAt);
        var settings = Tenant.Settings;
        return named is not null && (platform is not { } known || named.AppliesTo(known))
            ? new PolicyAssignment(named, effectiveAt, settings.NoncompliantWithoutPolicy)
            : new PolicyAssignment(null, Instants.Later(effectiveAt, Tenant.DefaultPolicySince), settings.NoncompliantWithoutPolicy);
    }
}
