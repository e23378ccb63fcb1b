using System.Collections.Immutable;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core;

/// <summary>What a rule makes of a twin: it is stored with its events, or not at all.</summary>
/// <param name="Device">What the twin becomes; as it was, when refused.</param>
/// <param name="Events">Numbered and hashed; empty when nothing is worth remembering.</param>
/// <param name="MustStore">False: nothing differs but times that are kept in memory and flushed on their own.</param>
public sealed record Decision(Device Device, ImmutableArray<DeviceEvent> Events, bool MustStore, Problem? Problem = null)
{
    public static Decision Refuse(Device device, Problem problem) => new(device, [], false, problem);

    public static Decision Unchanged(Device device) => new(device, [], false);
}
