using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tenancy;

/// <summary>The tenants and policies that devices are judged by on this server.</summary>
public interface ITenantViews
{
    /// <summary>
    /// Completes at once unless this server has not heard of the tenant yet. Whoever changes a tenant or a policy waits until it is seen
    /// here; one that could not be told is ten seconds late at most.
    /// </summary>
    /// <returns>Null when there is no such tenant.</returns>
    ValueTask<TenantView?> FindAsync(TenantId tenant);
}
