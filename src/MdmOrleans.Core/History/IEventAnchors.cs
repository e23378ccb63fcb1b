using System.Collections.Immutable;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.History;

/// <summary>What is left of a history whose oldest part was pruned.</summary>
public interface IEventAnchors
{
    /// <summary>
    /// The last pruned event of each kind, by number: together they tell the state at the newest of them, behind which the history
    /// begins, and with whose hash the chain goes on. Empty when nothing was pruned.
    /// </summary>
    ValueTask<ImmutableArray<DeviceEvent>> ReadAsync(DeviceId id, CancellationToken cancellationToken);
}
