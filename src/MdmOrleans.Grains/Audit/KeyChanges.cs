using System.Collections.Immutable;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Audit;

/// <summary>A change of a key as the trails of its tenants tell of it, none of which learns of the others.</summary>
internal static class KeyChanges
{
    /// <param name="before">Null: it is made.</param>
    /// <param name="after">Null: it is removed.</param>
    public static ImmutableArray<(TenantId? Tenant, Change Change)> Of(string action, string actor, AccessKey? before, AccessKey? after)
    {
        var key = after ?? before ?? throw new ArgumentException("A change of no key.", nameof(after));
        ImmutableArray<TenantId?> trails = key.Tenants is { IsEmpty: false } tenants ? [.. tenants.Select(tenant => (TenantId?)tenant)] : [null];
        return
        [
            .. trails.Select(tenant => (tenant, new Change(
                actor, action, AuditTargets.Key(key.Name), ChangeDocuments.Key(before, tenant), ChangeDocuments.Key(after, tenant)))),
        ];
    }
}
