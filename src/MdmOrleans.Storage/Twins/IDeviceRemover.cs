using MdmOrleans.Core;
using MdmOrleans.Core.History;

namespace MdmOrleans.Storage.Twins;

/// <summary>Puts a tombstone in the place of a device and its history: too seldom to be gathered.</summary>
internal interface IDeviceRemover
{
    Task<SaveOutcome> RemoveAsync(Device device, Deletion deletion, CancellationToken cancellationToken);
}
