using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Commands;

/// <summary>Section <c>Governor</c>.</summary>
public sealed class GovernorOptions
{
    /// <summary>How old, in hours, both keys of a two-person decision must be. 0 to 8,760; default 24.</summary>
    public int KeyAgeHours { get; set; } = 24;
}

internal sealed class GovernorOptionsValidator : IValidateOptions<GovernorOptions>
{
    public ValidateOptionsResult Validate(string? name, GovernorOptions options) => options.KeyAgeHours is >= 0 and <= 8760
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Governor:KeyAgeHours is {options.KeyAgeHours}; it must be 0 to 8760.");
}
