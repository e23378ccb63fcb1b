using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>Section <c>Deadlines</c>.</summary>
public sealed class DeadlineOptions
{
    /// <summary>Devices of this process that may act at the same time. 1 to 4,096; default 256.</summary>
    public int Concurrency { get; set; } = 256;

    /// <summary>At how many devices a second a fleet is judged again when its policy changes. 1 to 100,000; default 1,000.</summary>
    public int EvaluationsPerSecond { get; set; } = 1000;
}

internal sealed class DeadlineOptionsValidator : IValidateOptions<DeadlineOptions>
{
    public ValidateOptionsResult Validate(string? name, DeadlineOptions options) =>
        Check(options.Concurrency, 4096) ?? Check(options.EvaluationsPerSecond, 100_000) ?? ValidateOptionsResult.Success;

    private static ValidateOptionsResult? Check(int value, int most, [CallerArgumentExpression(nameof(value))] string key = "") =>
        value >= 1 && value <= most
            ? null
            : ValidateOptionsResult.Fail($"Deadlines:{key["options.".Length..]} is {value}; it must be 1 to {most}.");
}
