using MdmOrleans.Core.CheckIns;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.CheckIns;

/// <summary>Of section <c>Mqtt</c>, what the twins follow.</summary>
public sealed class EventOptions
{
    /// <summary>How many messages on <c>up/event</c> of one device are kept a day (UTC). 1 to 1,000,000; default 10,000.</summary>
    public int EventsPerDay { get; set; } = EventBudget.DefaultPerDay;
}

internal sealed class EventOptionsValidator : IValidateOptions<EventOptions>
{
    private const int Most = 1_000_000;

    public ValidateOptionsResult Validate(string? name, EventOptions options) => options.EventsPerDay is >= 1 and <= Most
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Mqtt:EventsPerDay is {options.EventsPerDay}; it must be 1 to {Most}.");
}
