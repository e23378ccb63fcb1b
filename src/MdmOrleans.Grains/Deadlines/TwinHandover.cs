using System.Collections.Concurrent;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Gives a device that is about to be woken the twin that its shard has read, so that a cold device costs no second read.</summary>
/// <remarks>
/// Only a device that is not in memory looks for it, and only on the silo of its shard: elsewhere it reads for itself. A twin that
/// was read is as good as one that is loaded now, unless the device was awake in between. Devices leave memory after being silent
/// for far longer than a twin lies here; where one leaves because its copy was doubtful, or a silo with all its devices, whatever
/// was read before is not handed over any more. In the end every write is checked against the stored version.
/// </remarks>
internal sealed class TwinHandover
{
    private readonly ConcurrentDictionary<DeviceId, Device> _twins = new();
    private int _generation;

    /// <summary>To be noted before reading.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Whatever was read until now may be older than what is stored.</summary>
    public void Distrust() => Interlocked.Increment(ref _generation);

    public void Offer(Device twin, int generation)
    {
        if (generation == Generation)
        {
            _twins[twin.Id] = twin;
        }
    }

    public Device? Take(DeviceId id) => _twins.TryRemove(id, out var twin) ? twin : null;
}
