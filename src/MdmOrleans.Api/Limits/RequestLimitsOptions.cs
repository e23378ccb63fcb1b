using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Api.Limits;

/// <summary>Section <c>Limits</c>: what one caller may take from the HTTP interface.</summary>
public sealed class RequestLimitsOptions
{
    /// <summary>Requests of one key in the long run. 1 to 1,000,000; default 1,000.</summary>
    public int RequestsPerSecond { get; set; } = 1_000;

    /// <summary>Requests of one key at once after a pause. 1 to 10,000,000; default 5,000.</summary>
    public int RequestBurst { get; set; } = 5_000;

    /// <summary>Requests to one tenant that are being answered at the same time. 1 to 100,000; default 256.</summary>
    public int ConcurrentRequests { get; set; } = 256;

    /// <summary>Streams of one tenant that are open at the same time. 1 to 100,000; default 100.</summary>
    public int Streams { get; set; } = 100;

    /// <summary>Requests without a proved key from one address in the long run. 1 to 1,000,000; default 100.</summary>
    public int AnonymousPerSecond { get; set; } = 100;

    /// <summary>Requests without a proved key from one address at once after a pause. 1 to 10,000,000; default 1,000.</summary>
    public int AnonymousBurst { get; set; } = 1_000;

    /// <summary>Regular expressions of one policy. 1 to 200; default 20.</summary>
    public int Patterns { get; set; } = 20;
}

internal sealed class RequestLimitsOptionsValidator : IValidateOptions<RequestLimitsOptions>
{
    public ValidateOptionsResult Validate(string? name, RequestLimitsOptions options) =>
        Check(options.RequestsPerSecond, 1_000_000)
        ?? Check(options.RequestBurst, 10_000_000)
        ?? Check(options.ConcurrentRequests, 100_000)
        ?? Check(options.Streams, 100_000)
        ?? Check(options.AnonymousPerSecond, 1_000_000)
        ?? Check(options.AnonymousBurst, 10_000_000)
        ?? Check(options.Patterns, 200)
        ?? ValidateOptionsResult.Success;

    private static ValidateOptionsResult? Check(int value, int most, [CallerArgumentExpression(nameof(value))] string key = "") =>
        value >= 1 && value <= most
            ? null
            : ValidateOptionsResult.Fail($"Limits:{key["options.".Length..]} is {value}; it must be 1 to {most}.");
}
