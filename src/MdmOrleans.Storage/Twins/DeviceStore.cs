using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Storage.GroupCommit;

namespace MdmOrleans.Storage.Twins;

/// <summary>The port of the grains: writes and reads gather in lanes, last-seen times in a lane of their own.</summary>
internal sealed class DeviceStore(
    GroupCommitter<DeviceWrite, SaveOutcome> writes,
    GroupCommitter<DeviceId, Device?> reads,
    SeenLane seen,
    IDeviceRemover remover) : IDeviceStore, IStoreLoad
{
    public bool IsBusy => writes.HasFullBatchWaiting;

    public async ValueTask<Device?> FindAsync(DeviceId id, CancellationToken cancellationToken)
    {
        var device = await reads.SubmitAsync((uint)id.GetHashCode(), id, cancellationToken);
        return device is null ? null : seen.Refresh(device);
    }

    public ValueTask<SaveOutcome> SaveAsync(
        Device? before, Device after, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken) =>
        new(writes.SubmitAsync((uint)after.Id.GetHashCode(), new DeviceWrite(before, after, events), cancellationToken));

    public async ValueTask<SaveOutcome> DeleteAsync(Device device, Deletion deletion, CancellationToken cancellationToken)
    {
        var outcome = await remover.RemoveAsync(device, deletion, cancellationToken);
        if (outcome is SaveOutcome.Saved)
        {
            seen.Forget(device.Id);
        }

        return outcome;
    }

    public bool TryTouch(DeviceId id, LastSeen lastSeen) => seen.TryTouch(id, lastSeen);
}
