using System.Collections.Immutable;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;
using MdmOrleans.Grains.States;

namespace MdmOrleans.Grains.Operations;

[GenerateSerializer(IncludePrimaryConstructorParameters = false), Alias("mdm.OperationDirectoryState")]
internal sealed record OperationDirectoryState
{
    /// <summary>Oldest first.</summary>
    [Id(0)]
    public ImmutableArray<OperationEntry> Operations { get; init; } = [];
}

/// <param name="Key">With which it was asked for; null: with none.</param>
/// <param name="IsOpen">It was not known to be settled when it was last asked.</param>
[GenerateSerializer, Immutable, Alias("mdm.OperationEntry")]
internal sealed record OperationEntry([property: Id(0)] Guid Id, [property: Id(1)] string? Key, [property: Id(2)] bool IsOpen);

[GrainType("mdm.operations")]
internal sealed class OperationDirectoryGrain(
    [Stored("operations")] StoredState<OperationDirectoryState> state, TimeProvider time)
    : Grain, IOperationDirectory
{
    private const int MaxKept = 1000;
    private const int MaxOpen = 16; // each follows the history of the tenant

    public Task<ImmutableArray<Guid>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray.CreateRange(state.Value.Operations.Select(entry => entry.Id).OrderDescending()));

    public async Task<int> CountOpenAsync(CancellationToken cancellationToken)
    {
        var entries = await Task.WhenAll(state.Value.Operations.Select(entry => LookAsync(entry, cancellationToken)));
        return entries.Count(entry => entry.IsOpen);
    }

    public async Task<Outcome<Operation>> StartAsync(OperationRequest request, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var entries = state.Value.Operations;
        if (idempotencyKey is not null && entries.FirstOrDefault(entry => entry.Key == idempotencyKey) is { } known)
        {
            return await Grain(known.Id).AcceptAsync(request, cancellationToken);
        }

        if (entries.Count(entry => entry.IsOpen) >= MaxOpen)
        {
            entries = [.. await Task.WhenAll(entries.Select(entry => LookAsync(entry, cancellationToken)))];
        }

        if (entries.Count(entry => entry.IsOpen) >= MaxOpen)
        {
            return ProblemCatalog.TooManyOperations;
        }

        if (entries.Length >= MaxKept)
        {
            var oldest = entries.First(entry => !entry.IsOpen); // many more are kept than may be open
            await Grain(oldest.Id).ForgetAsync(cancellationToken);
            entries = entries.Remove(oldest);
        }

        // First: a name without an operation is skipped, and asked for again under its key it is accepted then.
        var added = new OperationEntry(Guid.CreateVersion7(time.GetInstant()), idempotencyKey, IsOpen: true);
        await state.WriteAsync(new OperationDirectoryState { Operations = entries.Add(added) });
        return await Grain(added.Id).AcceptAsync(request, cancellationToken);
    }

    private async Task<OperationEntry> LookAsync(OperationEntry entry, CancellationToken cancellationToken) =>
        entry.IsOpen && (await Grain(entry.Id).ReadAsync(cancellationToken))?.Status.IsSettled() != false ? entry with { IsOpen = false } : entry;

    private IOperationGrain Grain(Guid operation) =>
        GrainFactory.GetGrain<IOperationGrain>(new OperationId(TenantId.Parse(this.GetPrimaryKeyString()), operation).ToString());
}
