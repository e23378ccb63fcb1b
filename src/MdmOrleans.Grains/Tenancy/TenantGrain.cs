using System.Collections.Immutable;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Grains.Tenancy;

[GenerateSerializer, Alias("mdm.TenantGrainState")]
internal sealed class TenantGrainState
{
    [Id(0)]
    public Tenant? Tenant { get; set; }

    /// <summary>Ascending.</summary>
    [Id(1)]
    public ImmutableSortedSet<string> Policies { get; set; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
}

[GrainType("mdm.tenant")]
internal sealed class TenantGrain(
    [PersistentState("tenant", GrainStorageNames.Default)] IPersistentState<TenantGrainState> state,
    ITenantBroadcast broadcast,
    TimeProvider time)
    : Grain, ITenantGrain
{
    private TenantId Id => TenantId.Parse(this.GetPrimaryKeyString());

    public Task<Tenant?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Tenant);

    public async Task<Outcome<Tenant>> PutAsync(
        TenantSettings settings, int? expectedVersion, string actor, CancellationToken cancellationToken)
    {
        var before = state.State.Tenant;
        if (expectedVersion is { } expected && expected != (before?.Version ?? 0))
        {
            return ProblemCatalog.TenantChanged;
        }

        if (settings.DefaultPolicy is { } policy && !state.State.Policies.Contains(policy))
        {
            return ProblemCatalog.PolicyNotFound;
        }

        if (before?.Settings == settings)
        {
            return before;
        }

        var now = time.GetInstant();
        if (before is null)
        {
            await GrainFactory.GetGrain<ITenantDirectory>(0).AddAsync(Id, cancellationToken); // first: a name without a tenant is skipped
        }

        var judgesAnother = before?.Settings.DefaultPolicy != settings.DefaultPolicy
            || before?.Settings.NoncompliantWithoutPolicy != settings.NoncompliantWithoutPolicy;
        var after = new Tenant(
            Id, (before?.Version ?? 0) + 1, settings, before?.CreatedAt ?? now, judgesAnother || before is null ? now : before.DefaultPolicySince);
        await WriteAsync(after, state.State.Policies);
        return after;
    }

    public Task<ImmutableArray<string>> ListPoliciesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(state.State.Policies.ToImmutableArray());

    public async Task<Problem?> AddPolicyAsync(string policy, CancellationToken cancellationToken)
    {
        if (state.State.Tenant is not { } tenant)
        {
            return ProblemCatalog.TenantNotFound;
        }

        if (!state.State.Policies.Contains(policy))
        {
            await WriteAsync(tenant, state.State.Policies.Add(policy));
        }

        return null;
    }

    private async Task WriteAsync(Tenant tenant, ImmutableSortedSet<string> policies)
    {
        (state.State.Tenant, state.State.Policies) = (tenant, policies);
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            DeactivateOnIdle(); // what is in memory is not what is stored
            throw;
        }

        await broadcast.AnnounceAsync(tenant.Id);
    }
}
