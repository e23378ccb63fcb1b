using MdmOrleans.Core;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Abstractions.Tenancy;

/// <summary>A request to create or replace a tenant.</summary>
[GenerateSerializer, Immutable, Alias("mdm.PutTenant")]
public sealed record PutTenant
{
    [Id(0)]
    public required TenantSettings Settings { get; init; }

    /// <summary>0: it must not exist yet; null: any.</summary>
    [Id(1)]
    public int? ExpectedVersion { get; init; }

    /// <summary>E.g. <c>key:admin</c>.</summary>
    [Id(2)]
    public required string Actor { get; init; }

    /// <summary>The governor, and a change of it that waits, stay as they are, whatever the settings say. A new tenant has the settings' one.</summary>
    [Id(3)]
    public bool KeepsGovernor { get; init; }

    /// <summary>Refused where it leaves the tenant without the default policy that devices are judged by: nobody said that on purpose.</summary>
    [Id(4)]
    public bool KeepsPolicyInUse { get; init; }
}

public static class TenantGrainExtensions
{
    /// <summary>Creates or replaces it with everything that <paramref name="settings"/> say.</summary>
    /// <param name="expectedVersion">0: it must not exist yet; null: any.</param>
    public static Task<Outcome<Tenant>> PutAsync(
        this ITenantGrain tenant, TenantSettings settings, int? expectedVersion, string actor, CancellationToken cancellationToken) =>
        tenant.PutAsync(new PutTenant { Settings = settings, ExpectedVersion = expectedVersion, Actor = actor }, cancellationToken);
}
