using System.Collections.Immutable;
using MdmOrleans.Abstractions.Tenancy;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.States;

namespace MdmOrleans.Grains.Tenancy;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.TenantDirectoryState")]
internal sealed record TenantDirectoryState
{
    [Id(0)]
    public ImmutableArray<TenantId> Tenants { get; init; } = [];
}

[GrainType("mdm.tenants")]
internal sealed class TenantDirectoryGrain([Stored("tenants")] StoredState<TenantDirectoryState> state) : Grain, ITenantDirectory
{
    public Task<ImmutableArray<TenantId>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(state.Value.Tenants);

    public Task AddAsync(TenantId tenant, CancellationToken cancellationToken) => state.Value.Tenants.Contains(tenant)
        ? Task.CompletedTask
        : state.WriteAsync(new TenantDirectoryState { Tenants = [.. state.Value.Tenants.Append(tenant).OrderBy(t => t.Name, StringComparer.Ordinal)] });
}
