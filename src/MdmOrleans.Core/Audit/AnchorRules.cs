using System.Collections.Immutable;

namespace MdmOrleans.Core.Audit;

/// <summary>Why an anchor does not prove what it should.</summary>
public enum AnchorFault
{
    /// <summary>It was sealed with another key than this server's.</summary>
    OtherKey,

    /// <summary>It is not what was sealed.</summary>
    Altered,

    /// <summary>The anchor before it is not there.</summary>
    Missing,

    /// <summary>The audit trail does not have the record with which it ended then: it was rewritten or cut off.</summary>
    AuditRewritten,

    /// <summary>A history of a device does not end as it did then: it was rewritten, cut off, or taken out.</summary>
    HistoryRewritten,
}

/// <summary>What anchors prove, and when the next one is due.</summary>
public static class AnchorRules
{
    /// <summary>Behind the end of a day: what was decided before it is stored by then, on every server.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    /// <summary>The instant of the newest anchor that there should be.</summary>
    public static DateTimeOffset DueAt(DateTimeOffset now)
    {
        var settled = (now - Settling).ToUniversalTime();
        return new DateTimeOffset(settled.Year, settled.Month, settled.Day, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>What is wrong with the anchors themselves.</summary>
    /// <param name="anchors">The newest first, without a gap.</param>
    /// <param name="isWhole">True when these are all: the last one of them is the first that was ever made.</param>
    public static ImmutableArray<(DateTimeOffset At, AnchorFault Fault)> Check(ImmutableArray<ChainAnchor> anchors, bool isWhole, AnchorKey key)
    {
        var faults = ImmutableArray.CreateBuilder<(DateTimeOffset, AnchorFault)>();
        for (var i = 0; i < anchors.Length; i++)
        {
            var anchor = anchors[i];
            var isFollowed = i + 1 < anchors.Length
                ? anchor.Previous.Span.SequenceEqual(anchors[i + 1].Seal.Span)
                : !isWhole || anchor.Previous.IsEmpty;
            if (anchor.KeyId != key.Id)
            {
                faults.Add((anchor.At, AnchorFault.OtherKey));
            }
            else if (!anchor.IsSealedWith(key))
            {
                faults.Add((anchor.At, AnchorFault.Altered));
            }
            else if (!isFollowed)
            {
                faults.Add((anchor.At, AnchorFault.Missing));
            }
        }

        return faults.DrainToImmutable();
    }

    /// <summary>True when the histories of all shards still end as the anchor says.</summary>
    public static bool Match(ChainAnchor anchor, ImmutableArray<ShardHeads> now) =>
        anchor.Shards.Length == now.Length && now.All(shard => Matches(anchor, shard.Shard, shard));

    /// <summary>True when the histories of a shard still end as the anchor says.</summary>
    public static bool Matches(ChainAnchor anchor, int shard, ShardHeads? now)
    {
        var then = anchor.Shards.FirstOrDefault(s => s.Shard == shard);
        return then is null ? now is null : now is not null && then.Histories == now.Histories && then.Digest.Span.SequenceEqual(now.Digest.Span);
    }
}
