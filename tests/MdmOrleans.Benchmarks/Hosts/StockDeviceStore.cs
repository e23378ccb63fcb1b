using System.Collections.Immutable;
using System.Globalization;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using Orleans.Storage;

namespace MdmOrleans.Benchmarks.Hosts;

/// <summary>Twins on Orleans' own grain storage: a statement and a commit for each state, as WriteStateAsync makes them.</summary>
/// <remarks>
/// Kind to it where that is simple: the serializer is the binary one, both writes of a change go out at once, and what is only seen is
/// not written at all.
/// </remarks>
/// <param name="keepsHistory">Whether events are stored, each as a state of its own, since the storage knows nothing to append to.</param>
internal sealed class StockDeviceStore(IGrainStorage storage, bool keepsHistory) : IDeviceStore
{
    private const string TwinName = "device";
    private const string EventsName = "events";
    private static readonly GrainType TwinType = GrainType.Create("stock.device");
    private static readonly GrainType EventsType = GrainType.Create("stock.events");

    public async ValueTask<Device?> FindAsync(DeviceId id, CancellationToken cancellationToken)
    {
        var state = new GrainState<Device>();
        await storage.ReadStateAsync(TwinName, KeyOf(id), state);
        return state.RecordExists ? state.State : null;
    }

    public async ValueTask<SaveOutcome> SaveAsync(
        Device? before, Device after, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
    {
        // The provider counts versions as the twin does: from 1, one more with every write.
        var twin = new GrainState<Device>(after, before?.Version.ToString(CultureInfo.InvariantCulture));
        try
        {
            var history = keepsHistory && !events.IsEmpty ? AppendAsync(after, events) : Task.CompletedTask;
            await Task.WhenAll(storage.WriteStateAsync(TwinName, KeyOf(after.Id), twin), history);
            return SaveOutcome.Saved;
        }
        catch (InconsistentStateException)
        {
            return SaveOutcome.Conflict;
        }
    }

    public async ValueTask<SaveOutcome> DeleteAsync(Device device, Deletion deletion, CancellationToken cancellationToken)
    {
        var twin = new GrainState<Device>(device, device.Version.ToString(CultureInfo.InvariantCulture));
        await storage.ClearStateAsync(TwinName, KeyOf(device.Id), twin);
        return SaveOutcome.Saved;
    }

    public bool TryTouch(DeviceId id, LastSeen seen) => true; // kind: the stock storage knows no way to write it that is not a whole state

    private Task AppendAsync(Device device, ImmutableArray<DeviceEvent> events)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{device.Id}/{events[0].Number}");
        var state = new GrainState<DeviceEvent[]>([.. events]);
        return storage.WriteStateAsync(EventsName, GrainId.Create(EventsType, key), state);
    }

    private static GrainId KeyOf(DeviceId id) => GrainId.Create(TwinType, id.ToString());
}
