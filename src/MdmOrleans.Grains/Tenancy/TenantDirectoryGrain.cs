using System.Collections.Immutable;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Tenancy;

[GenerateSerializer, Alias("mdm.TenantDirectoryState")]
internal sealed class TenantDirectoryState
{
    [Id(0)]
    public ImmutableArray<TenantId> Tenants { get; set; } = [];
}

[GrainType("mdm.tenants")]
internal sealed class TenantDirectoryGrain([PersistentState("tenants", GrainStorageNames.Default)] IPersistentState<TenantDirectoryState> state)
    : Grain, ITenantDirectory
{
    public Task<ImmutableArray<TenantId>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Tenants);

    public async Task AddAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (state.State.Tenants.Contains(tenant))
        {
            return;
        }

        state.State.Tenants = [.. state.State.Tenants.Append(tenant).OrderBy(t => t.Name, StringComparer.Ordinal)];
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
