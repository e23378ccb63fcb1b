using MdmOrleans.Core.Audit;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.History;

/// <summary>What is left of a deleted device's history.</summary>
/// <param name="DeletedAt">When its last event was recorded.</param>
/// <param name="Actor">Who deleted it.</param>
/// <param name="Head">Its last event, which says that it was deleted.</param>
public sealed record Tombstone(DateTimeOffset DeletedAt, string Actor, EventChain Head);

/// <summary>Remembers deleted devices.</summary>
public interface ITombstones
{
    /// <summary>The newest of this name; null where no device of this name was ever deleted.</summary>
    /// <param name="until">Only one that was deleted at this instant or before.</param>
    ValueTask<Tombstone?> FindAsync(DeviceId id, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>What is stored in place of a device, in the transaction that removes it.</summary>
/// <param name="Event">The last one of its history.</param>
/// <param name="Audit">For the audit trail of its tenant.</param>
public sealed record Deletion(DeviceEvent Event, AuditEntry Audit);
