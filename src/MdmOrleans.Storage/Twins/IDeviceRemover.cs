using MdmOrleans.Core;

namespace MdmOrleans.Storage.Twins;

/// <summary>Deletes a device with its history: too seldom to be gathered.</summary>
internal interface IDeviceRemover
{
    Task<SaveOutcome> RemoveAsync(Device device, CancellationToken cancellationToken);
}
