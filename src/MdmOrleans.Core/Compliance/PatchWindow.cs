namespace MdmOrleans.Core.Compliance;

/// <summary>When a device may be patched, once a week.</summary>
/// <param name="Length">More than 0, up to 24 hours.</param>
/// <param name="TimeZone">An IANA name; null: that of the device.</param>
[GenerateSerializer, Immutable, Alias("mdm.PatchWindow")]
public sealed record PatchWindow(
    [property: Id(0)] DayOfWeek Day, [property: Id(1)] TimeOnly Start, [property: Id(2)] TimeSpan Length, [property: Id(3)] string? TimeZone);

/// <summary>What retiring a device queues.</summary>
public enum RetirementAction { Retire, Wipe, None }
