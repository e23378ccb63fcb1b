using System.Collections.Concurrent;
using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Tests.Deadlines;

/// <summary>The real store; it counts the reads and writes of each device, tells of writes, and can refuse them.</summary>
internal sealed class WatchedStore(IDeviceStore inner) : IDeviceStore
{
    private readonly ConcurrentDictionary<DeviceId, int> _reads = new();
    private readonly ConcurrentDictionary<DeviceId, int> _writes = new();
    private readonly ConcurrentDictionary<DeviceId, TaskCompletionSource<Device>> _awaited = new();

    /// <summary>Devices that cannot be written.</summary>
    public ConcurrentDictionary<DeviceId, int> Refused { get; } = new();

    /// <summary>Devices whose writes wait for these.</summary>
    public ConcurrentDictionary<DeviceId, Task> Held { get; } = new();

    public int ReadsOf(DeviceId id) => _reads.GetValueOrDefault(id);

    public int WritesOf(DeviceId id) => _writes.GetValueOrDefault(id);

    /// <summary>The next twin of this device that is stored.</summary>
    public Task<Device> NextWriteAsync(DeviceId id) => (_awaited[id] = new TaskCompletionSource<Device>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public ValueTask<Device?> FindAsync(DeviceId id, CancellationToken cancellationToken)
    {
        _reads.AddOrUpdate(id, 1, (_, count) => count + 1);
        return inner.FindAsync(id, cancellationToken);
    }

    public async ValueTask<SaveOutcome> SaveAsync(Device? before, Device after, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
    {
        if (Held.TryGetValue(after.Id, out var release))
        {
            await release;
        }

        if (Refused.TryGetValue(after.Id, out var attempts))
        {
            Refused[after.Id] = attempts + 1;
            throw new StorageUnavailableException("refused by the test");
        }

        _writes.AddOrUpdate(after.Id, 1, (_, count) => count + 1);
        var outcome = await inner.SaveAsync(before, after, events, cancellationToken);
        if (_awaited.TryRemove(after.Id, out var awaited))
        {
            awaited.SetResult(after);
        }

        return outcome;
    }

    public ValueTask<SaveOutcome> DeleteAsync(Device device, Deletion deletion, CancellationToken cancellationToken) =>
        inner.DeleteAsync(device, deletion, cancellationToken);

    public bool TryTouch(DeviceId id, LastSeen seen) => inner.TryTouch(id, seen);
}
