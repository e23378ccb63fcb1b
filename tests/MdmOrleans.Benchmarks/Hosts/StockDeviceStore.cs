using System.Collections.Immutable;
using System.Globalization;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using Orleans.Storage;

namespace MdmOrleans.Benchmarks.Hosts;

/// <summary>Twins on Orleans' own grain storage: one statement and one commit for each change, as a grain's WriteStateAsync makes them.</summary>
/// <remarks>
/// Kind to it where that is simple: the newest events travel inside the state instead of in rows of their own, the serializer is the binary one, and
/// what is only seen is not written at all.
/// </remarks>
internal sealed class StockDeviceStore(IGrainStorage storage) : IDeviceStore
{
    private const string StateName = "device";
    private static readonly GrainType GrainType = GrainType.Create("stock.device");

    public async ValueTask<Device?> FindAsync(DeviceId id, CancellationToken cancellationToken)
    {
        var state = new GrainState<StockTwin>();
        await storage.ReadStateAsync(StateName, KeyOf(id), state);
        return state.RecordExists ? state.State?.Device : null;
    }

    public async ValueTask<SaveOutcome> SaveAsync(
        Device? before, Device after, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken)
    {
        // The provider counts versions as the twin does: from 1, one more with every write.
        var state = new GrainState<StockTwin>(new StockTwin(after, events), before?.Version.ToString(CultureInfo.InvariantCulture));
        try
        {
            await storage.WriteStateAsync(StateName, KeyOf(after.Id), state);
            return SaveOutcome.Saved;
        }
        catch (InconsistentStateException)
        {
            return SaveOutcome.Conflict;
        }
    }

    public async ValueTask<SaveOutcome> DeleteAsync(Device device, CancellationToken cancellationToken)
    {
        var state = new GrainState<StockTwin>(new StockTwin(device, []), device.Version.ToString(CultureInfo.InvariantCulture));
        await storage.ClearStateAsync(StateName, KeyOf(device.Id), state);
        return SaveOutcome.Saved;
    }

    public void Touch(DeviceId id, LastSeen seen)
    {
        // Kind: the stock storage knows no way to write it that is not a whole state.
    }

    private static GrainId KeyOf(DeviceId id) => GrainId.Create(GrainType, id.ToString());
}

/// <summary>What is stored of a device: the twin, and what happened with the change that made it so.</summary>
[GenerateSerializer, Immutable, Alias("mdm.bench.StockTwin")]
internal sealed record StockTwin([property: Id(0)] Device Device, [property: Id(1)] ImmutableArray<DeviceEvent> Events);
