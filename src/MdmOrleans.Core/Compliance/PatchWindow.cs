namespace MdmOrleans.Core.Compliance;

/// <summary>When a device may be patched, once a week.</summary>
/// <param name="Length">More than 0, up to 24 hours.</param>
/// <param name="TimeZone">An IANA name; null: that of the device.</param>
public sealed record PatchWindow(DayOfWeek Day, TimeOnly Start, TimeSpan Length, string? TimeZone);

/// <summary>What retiring a device queues.</summary>
public enum RetirementAction { Retire, Wipe, None }
