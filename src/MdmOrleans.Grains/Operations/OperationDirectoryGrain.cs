using System.Collections.Immutable;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Grains.Operations;

[GenerateSerializer, Alias("mdm.OperationDirectoryState")]
internal sealed class OperationDirectoryState
{
    /// <summary>Oldest first.</summary>
    [Id(0)]
    public ImmutableArray<Guid> Operations { get; set; } = [];

    /// <summary>Those of them that were not known to be settled when it was last asked.</summary>
    [Id(1)]
    public ImmutableArray<Guid> Open { get; set; } = [];
}

[GrainType("mdm.operations")]
internal sealed class OperationDirectoryGrain([PersistentState("operations", GrainStorageNames.Default)] IPersistentState<OperationDirectoryState> state)
    : Grain, IOperationDirectory
{
    private const int MaxKept = 1000;
    private const int MaxOpen = 16; // each follows the history of the tenant

    public Task<ImmutableArray<Guid>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray.CreateRange(state.State.Operations.Reverse()));

    public async Task<Problem?> AddAsync(Guid operation, CancellationToken cancellationToken)
    {
        var (kept, open) = (state.State.Operations, state.State.Open);
        if (kept.Contains(operation))
        {
            return null;
        }

        if (open.Length >= MaxOpen)
        {
            var settled = await Task.WhenAll(open.Select(id => IsSettledAsync(id, cancellationToken)));
            open = [.. open.Where((_, i) => !settled[i])];
        }

        if (open.Length >= MaxOpen)
        {
            return ProblemCatalog.TooManyOperations;
        }

        if (kept.Length >= MaxKept)
        {
            var oldest = kept.First(id => !open.Contains(id)); // many more are kept than may be open
            await Grain(oldest).ForgetAsync(cancellationToken);
            kept = kept.Remove(oldest);
        }

        (state.State.Operations, state.State.Open) = (kept.Add(operation), open.Add(operation));
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            DeactivateOnIdle(); // what is in memory is not what is stored
            throw;
        }

        return null;
    }

    // One that is not there was never accepted: whoever asked for it has crashed.
    private async Task<bool> IsSettledAsync(Guid operation, CancellationToken cancellationToken) =>
        (await Grain(operation).ReadAsync(cancellationToken))?.Status.IsSettled() != false;

    private IOperationGrain Grain(Guid operation) =>
        GrainFactory.GetGrain<IOperationGrain>(new OperationId(TenantId.Parse(this.GetPrimaryKeyString()), operation).ToString());
}
