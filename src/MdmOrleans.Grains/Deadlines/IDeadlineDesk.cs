using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Core;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Where the devices of a silo and its shards meet.</summary>
public interface IDeadlineDesk
{
    /// <summary>The twin that a shard has read for a device that it is about to wake; null when there is none.</summary>
    Device? TakeTwin(DeviceId id);

    /// <summary>A copy of a twin proved wrong, or doubtful: what was read until now is not to be believed.</summary>
    void Distrust();

    /// <summary>A write moved the next due instant; its shard is told, one-way, where it would not see that in time.</summary>
    void Moved(DeviceId id, DateTimeOffset dueAt);

    void Acted(DeadlineKind kind, TimeSpan lateness);
}

internal sealed class DeadlineDesk(TwinHandover handover, DeadlineInstruments instruments, IGrainFactory grains, TimeProvider time) : IDeadlineDesk
{
    public Device? TakeTwin(DeviceId id) => handover.Take(id);

    public void Distrust() => handover.Distrust();

    public void Moved(DeviceId id, DateTimeOffset dueAt)
    {
        if (dueAt < time.GetUtcNow() + DeadlineShards.Horizon)
        {
            grains.GetGrain<IDeadlineShard>(id.Shard).SoonerAsync(id, dueAt).Ignore(); // one-way: the task says nothing about the other side
        }
    }

    public void Acted(DeadlineKind kind, TimeSpan lateness) => instruments.Acted(kind, lateness);
}
