using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Tests.Hosting;

/// <summary>The real store, with a switch that makes the next write fail.</summary>
public sealed class BreakableStore(IDeviceStore inner) : IDeviceStore
{
    private Exception? _next;

    /// <summary>The next write throws this, and nothing is stored.</summary>
    public void FailNext(Exception failure) => Volatile.Write(ref _next, failure);

    public ValueTask<Device?> FindAsync(DeviceId id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public ValueTask<SaveOutcome> SaveAsync(
        Device? before, Device after, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _next, null) is { } failure
            ? ValueTask.FromException<SaveOutcome>(failure)
            : inner.SaveAsync(before, after, events, cancellationToken);

    public ValueTask<SaveOutcome> DeleteAsync(Device device, Deletion deletion, CancellationToken cancellationToken) =>
        inner.DeleteAsync(device, deletion, cancellationToken);

    public bool TryTouch(DeviceId id, LastSeen seen) => inner.TryTouch(id, seen);
}
