using System.Collections.Immutable;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tenancy;

namespace MdmOrleans.Grains.Compliance;

[GenerateSerializer, Alias("mdm.PolicyGrainState")]
internal sealed class PolicyGrainState
{
    /// <summary>Ascending, without gaps; never removed, because the history names them.</summary>
    [Id(0)]
    public ImmutableArray<StoredPolicy> Versions { get; set; } = [];
}

[GrainType("mdm.policy")]
internal sealed class PolicyGrain(
    [PersistentState("policy", GrainStorageNames.Default)] IPersistentState<PolicyGrainState> state,
    ITenantBroadcast broadcast,
    TimeProvider time)
    : Grain, IPolicyGrain
{
    private StoredPolicy? Newest => state.State.Versions is [.., var last] ? last : null;

    public Task<StoredPolicy?> ReadAsync(int? version, CancellationToken cancellationToken) =>
        Task.FromResult(version is { } wanted ? state.State.Versions.FirstOrDefault(v => v.Version == wanted) : Newest);

    public async Task<Outcome<StoredPolicy>> PutAsync(Utf8Block json, int? expectedVersion, string actor, CancellationToken cancellationToken)
    {
        if (!PolicyId.TryParse(this.GetPrimaryKeyString(), out var id))
        {
            throw new InvalidOperationException($"'{this.GetPrimaryKeyString()}' is not the name of a policy");
        }

        var before = Newest;
        var read = PolicyReader.Read(json.Memory, new PolicyVersion(id.Name, (before?.Version ?? 0) + 1), time.GetInstant());
        if (read.Value is not { } policy)
        {
            return read.Problem!; // one of the two is set
        }

        if (expectedVersion is { } expected && expected != (before?.Version ?? 0))
        {
            return ProblemCatalog.PolicyChanged;
        }

        var after = new StoredPolicy(id.Name, policy.Version.Version, policy.StoredAt, PolicyWriter.Write(policy));
        if (before?.Json == after.Json)
        {
            return before;
        }

        // First, and idempotent: a name without a policy is skipped wherever it is read.
        if (await GrainFactory.GetGrain<ITenantGrain>(id.Tenant.ToString()).AddPolicyAsync(id.Name, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await WriteAsync(after);
        await broadcast.AnnounceAsync(id.Tenant);
        return after;
    }

    private async Task WriteAsync(StoredPolicy policy)
    {
        state.State.Versions = state.State.Versions.Add(policy);
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            DeactivateOnIdle(); // what is in memory is not what is stored
            throw;
        }
    }
}
