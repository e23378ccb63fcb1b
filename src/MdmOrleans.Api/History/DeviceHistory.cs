using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using MdmOrleans.Abstractions;
using MdmOrleans.Api.Audit;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.History;

/// <param name="Predecessor">The deleted device that had the name before; null when there was none.</param>
/// <param name="NamesPredecessor">The chain begins with what is known of <paramref name="Predecessor"/>.</param>
internal sealed record HistoryProof(ChainAudit Chain, Tombstone? Predecessor, bool NamesPredecessor, AnchorProof Anchors);

/// <summary>Whole histories, page by page: however long one is, a page of it is in memory.</summary>
internal sealed class DeviceHistory(
    IDeviceQueries queries, IEventAnchors anchors, ITombstones tombstones, ChainProofs proofs, IGrainFactory grains, TimeProvider time)
{
    private const int PageSize = 1000;

    /// <summary>What the device was at <paramref name="at"/>, which is not in the future.</summary>
    public async Task<Outcome<PastTwin>> ReadTwinAsync(DeviceId id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (at > time.GetUtcNow())
        {
            return ProblemCatalog.InstantInFuture;
        }

        if (await grains.GetGrain<IDeviceTwin>(id.ToString()).ReadAsync(cancellationToken) is not { } device)
        {
            return ProblemCatalog.DeviceNotFound;
        }

        if (at < device.CreatedAt)
        {
            return ProblemCatalog.DeviceNotThereYet;
        }

        var kept = await ReadAnchorsAsync(device, cancellationToken);
        if (kept is [.., { } anchor] && at < anchor.RecordedAt)
        {
            return ProblemCatalog.HistoryPruned;
        }

        var twin = new PastTwin { Id = id, CreatedAt = device.CreatedAt }.Apply(kept, at);
        await foreach (var page in ReadPagesAsync(id, twin.Number, cancellationToken))
        {
            twin = twin.Apply(page, at);
        }

        return twin;
    }

    /// <summary>Proves the chain, from the anchor of what was pruned up to the event that the twin says is its newest.</summary>
    /// <returns>Null when there is no such device.</returns>
    public async Task<HistoryProof?> ProveAsync(DeviceId id, CancellationToken cancellationToken)
    {
        if (await grains.GetGrain<IDeviceTwin>(id.ToString()).ReadAsync(cancellationToken) is not { } device)
        {
            return null;
        }

        var kept = await ReadAnchorsAsync(device, cancellationToken);
        var created = kept.FirstOrDefault(entry => entry.Kind == EventKinds.DeviceCreated);
        var audit = new ChainAudit(id, kept is [.., var anchor] ? anchor : null, device.Chain);
        await foreach (var page in ReadPagesAsync(id, audit.Start.Number, cancellationToken))
        {
            created ??= page.FirstOrDefault(entry => entry.Kind == EventKinds.DeviceCreated);
            if (!page.All(audit.Add))
            {
                break;
            }
        }

        audit.Complete();
        var predecessor = await tombstones.FindAsync(id, device.CreatedAt, cancellationToken);
        return new HistoryProof(
            audit,
            predecessor,
            created is null || PredecessorDetail.Matches(created, predecessor),
            await proofs.ProveHistoryAsync(id, cancellationToken));
    }

    /// <summary>Of this life of the name: what was kept while a device of before was being deleted is not its past.</summary>
    private async ValueTask<ImmutableArray<DeviceEvent>> ReadAnchorsAsync(Device device, CancellationToken cancellationToken) =>
        [.. (await anchors.ReadAsync(device.Id, cancellationToken)).Where(entry => entry.RecordedAt >= device.CreatedAt)];

    private async IAsyncEnumerable<IReadOnlyList<DeviceEvent>> ReadPagesAsync(
        DeviceId id, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await queries.ReadEventsAsync(id, after, PageSize, cancellationToken);
            yield return page;
            if (page.Length < PageSize)
            {
                yield break;
            }

            after = page[^1].Number;
        }
    }
}
