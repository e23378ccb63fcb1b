namespace MdmOrleans.Core.CheckIns;

/// <summary>How many events a device has told of on one day (UTC). It is stored with the event that it counts, so it costs no write of its own.</summary>
[GenerateSerializer, Immutable, Alias("mdm.EventBudget")]
public sealed record EventBudget
{
    /// <summary>Events of one device that are kept a day, where nothing else is said.</summary>
    public const int DefaultPerDay = 10_000;

    [Id(0)]
    public required DateOnly Day { get; init; }

    [Id(1)]
    public required int Used { get; init; }

    /// <summary>Whether the history already says that events of this day were dropped.</summary>
    [Id(2)]
    public bool HasDropped { get; init; }

    /// <summary>What is left of another day does not count, whether the clock went forward or back.</summary>
    public static EventBudget On(DateTimeOffset now, EventBudget? before) =>
        DateOnly.FromDateTime(now.UtcDateTime) is var day && before?.Day == day ? before : new EventBudget { Day = day, Used = 0 };
}
