using System.Collections.Immutable;
using MdmOrleans.Abstractions.Compliance;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Audit;
using MdmOrleans.Grains.Deadlines;
using MdmOrleans.Grains.Hosting;
using MdmOrleans.Grains.States;
using MdmOrleans.Grains.Tenancy;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Compliance;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.PolicyGrainState")]
internal sealed record PolicyGrainState
{
    /// <summary>Ascending, without gaps; the newest ones, as many as are kept.</summary>
    [Id(0)]
    public ImmutableArray<StoredPolicy> Versions { get; init; } = [];

    /// <summary>The newest version by which the whole fleet was told to be judged.</summary>
    [Id(1)]
    public int RolledOut { get; init; }
}

[GrainType("mdm.policy")]
internal sealed class PolicyGrain(
    [Stored("policy")] StoredState<PolicyGrainState> state,
    ITenantBroadcast broadcast,
    FleetRollouts rollouts,
    IOptions<LimitsOptions> limits,
    ChangeTrail trail,
    TimeProvider time)
    : Grain, IPolicyGrain
{
    private IDisposable? _rollout;

    private StoredPolicy? Newest => state.Value.Versions is [.., var last] ? last : null;

    // What a crash interrupted goes on as soon as anybody judges by this policy, which is when a silo reads it.
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        RollOut();
        return Task.CompletedTask;
    }

    public Task<StoredPolicy?> ReadAsync(int? version, CancellationToken cancellationToken) =>
        Task.FromResult(version is { } wanted ? state.Value.Versions.FirstOrDefault(v => v.Version == wanted) : Newest);

    public async Task<Outcome<StoredPolicy>> PutAsync(Utf8Block json, int? expectedVersion, string actor, CancellationToken cancellationToken)
    {
        if (!PolicyId.TryParse(this.GetPrimaryKeyString(), out var id))
        {
            throw new InvalidOperationException($"'{this.GetPrimaryKeyString()}' is not the name of a policy");
        }

        var before = Newest;
        var read = PolicyReader.Read(json.Memory, new PolicyVersion(id.Name, (before?.Version ?? 0) + 1), time.GetInstant(), limits.Value.Patterns);
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

        var change = new Change(
            actor, AuditActions.PolicyPut, AuditTargets.Policy(id.Name), ChangeDocuments.Policy(before), ChangeDocuments.Policy(after));
        await trail.RecordAsync(id.Tenant, change, () => StoreAsync(id.Tenant, after));
        return after;
    }

    private async Task StoreAsync(TenantId tenant, StoredPolicy policy)
    {
        var versions = state.Value.Versions.Add(policy);
        await state.WriteAsync(state.Value with { Versions = versions[Math.Max(0, versions.Length - limits.Value.PolicyVersions)..] });
        await broadcast.AnnounceAsync(tenant);
        RollOut();
    }

    /// <summary>After every silo has heard of it: a device that is judged sooner would be judged by the version before.</summary>
    private void RollOut()
    {
        // The first version judges nobody yet: a device or a tenant can only be given a policy that exists.
        if (Newest is not { Version: > 1 } newest || newest.Version <= state.Value.RolledOut || !PolicyId.TryParse(this.GetPrimaryKeyString(), out var id))
        {
            return;
        }

        _rollout?.Dispose();
        _rollout = rollouts.Start(
            this, id.Tenant, new PolicyVersion(newest.Name, newest.Version), () => state.WriteAsync(state.Value with { RolledOut = newest.Version }));
    }
}
