using System.Collections.Immutable;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Audit;

/// <summary>Keeps the anchors, and tells where the chains end. A null tenant is the installation.</summary>
public interface IChainAnchors
{
    /// <summary>The newest first.</summary>
    /// <param name="limit">1 to 1,000.</param>
    ValueTask<ImmutableArray<ChainAnchor>> ReadAsync(TenantId? tenant, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps <paramref name="anchor"/>, unless there is one of its instant.</summary>
    ValueTask AddAsync(ChainAnchor anchor, CancellationToken cancellationToken);

    /// <summary>The last record of an audit trail; number 0 where there is none.</summary>
    ValueTask<EventChain> FindAuditEndAsync(TenantId? tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Where the histories of a tenant's devices ended at <paramref name="at"/>, as the events say that are recorded before it, shard by
    /// shard, ascending. However often it is asked, the answer is the same as long as nobody rewrote a history: a device that was
    /// deleted since has left its ends, one for each day.
    /// </summary>
    /// <param name="at">00:00 UTC of a day from which on the events are kept.</param>
    /// <param name="shard">Null: all.</param>
    ValueTask<ImmutableArray<ShardHeads>> DigestHeadsAsync(TenantId tenant, DateTimeOffset at, int? shard, CancellationToken cancellationToken);
}
