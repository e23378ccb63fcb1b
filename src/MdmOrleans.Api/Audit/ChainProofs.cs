using System.Collections.Immutable;
using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Audit;

/// <param name="Checked">How many anchors were compared.</param>
/// <param name="Newest">Null: there is none yet.</param>
internal sealed record AnchorProof(int Checked, DateTimeOffset? Newest, ImmutableArray<(DateTimeOffset At, AnchorFault Fault)> Faults)
{
    /// <summary>An anchor that another key sealed proves nothing, and refutes nothing.</summary>
    public bool AreIntact => Faults.All(fault => fault.Fault == AnchorFault.OtherKey);
}

internal sealed record TrailProof(AuditTrailCheck Trail, AnchorProof Anchors);

/// <summary>Proves chains against what was sealed with a key outside the database.</summary>
internal sealed class ChainProofs(IAuditTrail trail, IChainAnchors anchors, AnchorKey key)
{
    private const int PageSize = 500;

    /// <summary>Of an audit trail: over a year.</summary>
    private const int MaxAnchors = 400;

    /// <summary>Of histories, each of which costs a look at a whole shard.</summary>
    private const int MaxDigests = 31;

    /// <param name="tenant">Null: the installation's trail.</param>
    /// <param name="withHistories">Also the histories of all devices, against the newest anchor.</param>
    public async Task<TrailProof> ProveTrailAsync(TenantId? tenant, bool withHistories, CancellationToken cancellationToken)
    {
        var known = await anchors.ReadAsync(tenant, MaxAnchors, cancellationToken);
        var check = new AuditTrailCheck(tenant, [.. known.Where(anchor => anchor.IsSealedWith(key))]);
        var isWhole = true;
        while (isWhole)
        {
            var page = await trail.ReadAsync(tenant, AuditFilter.All, check.End.Number, PageSize, cancellationToken);
            isWhole = page.All(check.Add);
            if (page.Length < PageSize)
            {
                break;
            }
        }

        if (isWhole)
        {
            check.Complete();
        }

        var faults = AnchorRules.Check(known, known.Length < MaxAnchors, key)
            .Concat(check.Rewritten.Select(at => (at, AnchorFault.AuditRewritten)));
        if (withHistories && tenant is { } fleet && known is [var newest, ..] && newest.IsSealedWith(key)
            && !AnchorRules.Match(newest, await anchors.DigestHeadsAsync(fleet, newest.At, shard: null, cancellationToken)))
        {
            faults = faults.Append((newest.At, AnchorFault.HistoryRewritten));
        }

        return new TrailProof(check, ToProof(known, known.Length, faults));
    }

    /// <summary>The history of one device, and of the others of its shard, against the newest anchor.</summary>
    public async Task<AnchorProof> ProveHistoryAsync(DeviceId device, CancellationToken cancellationToken)
    {
        var known = await anchors.ReadAsync(device.Tenant, MaxDigests, cancellationToken);
        var faults = AnchorRules.Check(known, known.Length < MaxDigests, key).ToList();
        var compared = 0;
        foreach (var anchor in known.Where(anchor => anchor.IsSealedWith(key)))
        {
            compared++;
            var now = await anchors.DigestHeadsAsync(device.Tenant, anchor.At, device.Shard, cancellationToken);
            if (AnchorRules.Matches(anchor, device.Shard, now.SingleOrDefault()))
            {
                break; // what came before is covered by the hashes of what it covers
            }

            faults.Add((anchor.At, AnchorFault.HistoryRewritten));
        }

        return ToProof(known, compared, faults);
    }

    private static AnchorProof ToProof(
        ImmutableArray<ChainAnchor> known, int compared, IEnumerable<(DateTimeOffset At, AnchorFault Fault)> faults) =>
        new(compared, known is [var newest, ..] ? newest.At : null, [.. faults.OrderByDescending(fault => fault.At)]);
}
