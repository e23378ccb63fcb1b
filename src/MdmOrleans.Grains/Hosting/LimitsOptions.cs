using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Hosting;

/// <summary>Section <c>Limits</c>: how much of everything the installation keeps.</summary>
public sealed class LimitsOptions
{
    /// <summary>API keys in all. 1 to 100,000; default 500.</summary>
    public int Keys { get; set; } = 500;
}

internal sealed class LimitsOptionsValidator : IValidateOptions<LimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitsOptions options) =>
        Check(options.Keys, 100_000) ?? ValidateOptionsResult.Success;

    private static ValidateOptionsResult? Check(int value, int most, [CallerArgumentExpression(nameof(value))] string key = "") =>
        value >= 1 && value <= most
            ? null
            : ValidateOptionsResult.Fail($"Limits:{key["options.".Length..]} is {value}; it must be 1 to {most}.");
}
