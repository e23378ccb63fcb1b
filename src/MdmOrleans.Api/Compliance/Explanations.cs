using System.Collections.Frozen;
using MdmOrleans.Abstractions;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Api.History;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Api.Compliance;

/// <summary>Explains devices. Reads only: what is overdue is thought through, and left for the twin to do.</summary>
internal sealed class Explanations(DeviceHistory history, IGrainFactory grains)
{
    public async Task<Outcome<Explanation>> ExplainAsync(DeviceId id, Tenant tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await grains.GetGrain<IDeviceTwin>(id.ToString()).ReadAsync(cancellationToken) is not { } device)
        {
            return ProblemCatalog.DeviceNotFound;
        }

        var name = device.AssignedPolicy ?? tenant.Settings.DefaultPolicy;
        var policy = name is null ? null : await FindAsync(id.Tenant, name, version: null, cancellationToken);
        var view = new TenantView(tenant, policy is null ? FrozenDictionary<string, Policy>.Empty : Only(policy));
        return ExplanationRules.Explain(device, view.Assign(device, device.Platform), now);
    }

    public async Task<Outcome<PastExplanation>> ExplainPastAsync(DeviceId id, Tenant tenant, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var outcome = await history.ReadTwinAsync(id, at, cancellationToken);
        if (outcome is not { Value: { } twin })
        {
            return outcome.Problem!; // exactly one of the two is set
        }

        var policy = twin.Policy is { } judged ? await FindAsync(id.Tenant, judged.Id, judged.Version, cancellationToken) : null;
        var effectiveAt = policy?.StoredAt ?? tenant.CreatedAt;
        return ExplanationRules.Explain(twin, new PolicyAssignment(policy, effectiveAt, tenant.Settings.NoncompliantWithoutPolicy), at);
    }

    /// <param name="version">Null: the newest.</param>
    private async Task<Policy?> FindAsync(TenantId tenant, string name, int? version, CancellationToken cancellationToken) =>
        PolicyId.TryCreate(tenant, name, out var id) && await grains.GetGrain<IPolicyGrain>(id.ToString()).ReadAsync(version, cancellationToken) is { } stored
            ? PolicyReader.ReadStored(stored.Json, new PolicyVersion(stored.Name, stored.Version), stored.StoredAt)
            : null;

    private static FrozenDictionary<string, Policy> Only(Policy policy) =>
        new[] { KeyValuePair.Create(policy.Version.Id, policy) }.ToFrozenDictionary(StringComparer.Ordinal);
}
