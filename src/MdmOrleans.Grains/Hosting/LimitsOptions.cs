using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Hosting;

/// <summary>Section <c>Limits</c>: how much of everything the installation keeps.</summary>
public sealed class LimitsOptions
{
    /// <summary>API keys in all. 1 to 100,000; default 500.</summary>
    public int Keys { get; set; } = 500;

    /// <summary>Policies of one tenant. 1 to 10,000; default 200.</summary>
    public int Policies { get; set; } = 200;

    /// <summary>Versions of one policy that are kept, the newest. 2 to 100,000; default 1,000.</summary>
    public int PolicyVersions { get; set; } = 1_000;

    /// <summary>Labels of one device. 1 to 1,000; default 64.</summary>
    public int Labels { get; set; } = 64;

    /// <summary>Regular expressions of one policy. 1 to 200; default 20.</summary>
    public int Patterns { get; set; } = 20;
}

internal sealed class LimitsOptionsValidator : IValidateOptions<LimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitsOptions options) =>
        Check(options.Keys, 100_000)
        ?? Check(options.Policies, 10_000)
        ?? Check(options.PolicyVersions, 100_000, least: 2)
        ?? Check(options.Labels, 1_000)
        ?? Check(options.Patterns, 200)
        ?? ValidateOptionsResult.Success;

    private static ValidateOptionsResult? Check(int value, int most, int least = 1, [CallerArgumentExpression(nameof(value))] string key = "") =>
        value >= least && value <= most
            ? null
            : ValidateOptionsResult.Fail($"Limits:{key["options.".Length..]} is {value}; it must be {least} to {most}.");
}
