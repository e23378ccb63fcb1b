using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions.Tenancy;

/// <summary>One tenant and the names of its policies. Key: <c>TenantId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.tenant")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Null when there is none.</summary>
    [Alias("Read"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<Tenant?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Creates or replaces it. The same settings again keep the version. A looser governor waits; what is returned says what is in force.</summary>
    [Alias("PutTenant")]
    Task<Outcome<Tenant>> PutAsync(PutTenant request, CancellationToken cancellationToken);

    /// <summary>A second person decides about the governor that is pending; not found when none is.</summary>
    /// <param name="key">The name of the key that decides.</param>
    [Alias("DecideGovernor"), ForClients(KeyRole.Admin)]
    Task<Outcome<Tenant>> DecideGovernorAsync(bool isApproved, [KeyName] string key, CancellationToken cancellationToken);

    /// <summary>Names of its policies, ascending.</summary>
    [Alias("ListPolicies"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<ImmutableArray<string>> ListPoliciesAsync(CancellationToken cancellationToken);

    /// <summary>A word by which the caller of a request confirms its effect. It counts for ten minutes, for this request, at every server.</summary>
    /// <param name="request">Who asks, for what, with which body.</param>
    [Alias("IssueConfirmation"), AlwaysInterleave]
    Task<string> IssueConfirmationAsync(string request, CancellationToken cancellationToken);

    /// <summary>False for a word that was given for another request, more than ten minutes ago, or before this tenant was last loaded.</summary>
    [Alias("IsConfirmed"), AlwaysInterleave]
    Task<bool> IsConfirmedAsync(string request, string word, CancellationToken cancellationToken);

    /// <summary>Called by a policy when it is stored for the first time. Not found when there is no such tenant.</summary>
    [Alias("AddPolicy")]
    Task<Problem?> AddPolicyAsync(string policy, CancellationToken cancellationToken);
}

/// <summary>The names of all tenants. Key: 0.</summary>
[GrainInterfaceType("mdm.tenants")]
public interface ITenantDirectory : IGrainWithIntegerKey
{
    /// <summary>Ascending.</summary>
    [Alias("List"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<ImmutableArray<TenantId>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Called by a tenant when it is made. Adding one that is there changes nothing.</summary>
    [Alias("Add")]
    Task AddAsync(TenantId tenant, CancellationToken cancellationToken);
}
