using System.Collections.Immutable;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Audit;

/// <summary>Follows an audit trail record by record, from the first one on, past the places that its anchors name.</summary>
/// <param name="tenant">Null: the installation's.</param>
/// <param name="anchors">In any order.</param>
public sealed class AuditTrailCheck(TenantId? tenant, ImmutableArray<ChainAnchor> anchors)
{
    private readonly ILookup<long, ChainAnchor> _anchors = anchors.Where(anchor => anchor.Audit.Number > 0).ToLookup(anchor => anchor.Audit.Number);
    private readonly HashSet<DateTimeOffset> _rewritten = [];

    /// <summary>The last record that is as it was written.</summary>
    public EventChain End { get; private set; } = EventChain.Empty;

    public ChainFault? Fault { get; private set; }

    /// <summary>The anchors that say that the trail was rewritten or cut off, by instant.</summary>
    public IEnumerable<DateTimeOffset> Rewritten => _rewritten.Order();

    /// <returns>False when the trail is broken here: nothing behind it can be proved.</returns>
    public bool Add(AuditRecord record)
    {
        Fault = record.Number != End.Number + 1 ? ChainFault.Missing : record.IsIntact(tenant, End) ? null : ChainFault.Altered;
        if (Fault is not null)
        {
            return false;
        }

        End = new EventChain(record.Number, record.Hash);
        foreach (var anchor in _anchors[record.Number].Where(anchor => anchor.Audit != End))
        {
            _rewritten.Add(anchor.At);
        }

        return true;
    }

    /// <summary>There is no next record.</summary>
    public void Complete()
    {
        foreach (var anchor in anchors.Where(anchor => anchor.Audit.Number > End.Number))
        {
            _rewritten.Add(anchor.At);
            Fault ??= ChainFault.Truncated;
        }
    }
}
