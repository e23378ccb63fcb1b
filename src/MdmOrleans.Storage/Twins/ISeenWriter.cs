using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Storage.Twins;

/// <summary>Stores last-seen times; an older one never overwrites a newer one.</summary>
internal interface ISeenWriter
{
    Task WriteAsync(IReadOnlyList<KeyValuePair<DeviceId, LastSeen>> batch, CancellationToken cancellationToken);
}
