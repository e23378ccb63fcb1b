using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.History;

namespace MdmOrleans.Storage.Twins;

/// <summary>One twin to store, if the stored version is that of <paramref name="Before"/>, with the events of the change.</summary>
internal readonly record struct DeviceWrite(Device? Before, Device After, ImmutableArray<DeviceEvent> Events)
{
    /// <summary>0: there must be no such device.</summary>
    public long ExpectedVersion => Before?.Version ?? 0;

    /// <summary>Writes of one device, whatever is in them: they must not share a batch.</summary>
    public static IEqualityComparer<DeviceWrite> SameDevice { get; } =
        EqualityComparer<DeviceWrite>.Create((left, right) => left.After.Id == right.After.Id, write => write.After.Id.GetHashCode());
}
