using MdmOrleans.Core.Identity;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions.Deadlines;

/// <summary>Wakes the devices of one shard, each at its instant. Key: the shard, 0 to 255. Holds nothing that is not in the database.</summary>
[GrainInterfaceType("mdm.deadlines")]
public interface IDeadlineShard : IGrainWithIntegerKey
{
    /// <summary>A write has brought the device below the horizon of <see cref="DeadlineShards.Horizon"/>. A hint: the next look finds it as well.</summary>
    [Alias("Sooner"), OneWay]
    Task SoonerAsync(DeviceId device, DateTimeOffset dueAt);

    /// <summary>Instants in the database have been brought forward: it looks at once. A hint, as above.</summary>
    [Alias("Look"), OneWay]
    Task LookAsync();

    /// <summary>Makes sure that the shard is awake, and that it moves to <paramref name="silo"/> if it is awake elsewhere.</summary>
    [Alias("Keep")]
    Task KeepAsync(SiloAddress silo);

    /// <summary>Returns when nothing that is due now is left. What fails and is tried again later is not waited for.</summary>
    [Alias("Settle"), ResponseTimeout("00:05:00")]
    Task SettleAsync(CancellationToken cancellationToken);
}

public static class DeadlineShards
{
    public const int Count = 256;

    /// <summary>How far a shard looks ahead. What becomes due within this time is told to it; what comes later it finds by itself.</summary>
    public static TimeSpan Horizon { get; } = TimeSpan.FromSeconds(30);
}
