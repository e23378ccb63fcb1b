using System.Collections.Immutable;

namespace MdmOrleans.Core;

/// <summary>How a caller may react to a refusal. Each border maps this, and only this, to its own codes.</summary>
[GenerateSerializer, Alias("mdm.ProblemKind")]
public enum ProblemKind
{
    /// <summary>The input is not what is asked for. HTTP 400, MQTT 0x99.</summary>
    Invalid,

    /// <summary>The caller is known, and may not. HTTP 403, MQTT 0x87.</summary>
    Forbidden,

    /// <summary>No such thing, or it is in another tenant. HTTP 404, MQTT 0x90.</summary>
    NotFound,

    /// <summary>Not possible in the state that it is in. HTTP 409.</summary>
    Conflict,

    /// <summary>The version that the caller knew is not the current one. HTTP 412.</summary>
    Stale,

    /// <summary>HTTP 413, MQTT 0x95.</summary>
    TooLarge,

    /// <summary>Well-formed, but against a rule. HTTP 422.</summary>
    Unprocessable,

    /// <summary>A limit is reached; later may work. HTTP 429, MQTT 0x97.</summary>
    Exhausted,

    /// <summary>Storage or cluster is away or overloaded; later will work. HTTP 503, MQTT 0x80.</summary>
    Unavailable,

    /// <summary>It was there once, and is kept no longer. HTTP 410.</summary>
    Gone,

    /// <summary>Who asks could not be proved. HTTP 401.</summary>
    Unproved,
}

/// <summary>What is wrong at one place of the input.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the input, e.g. <c>/rules/0/kind</c>; empty for the whole.</param>
/// <param name="Detail">For people.</param>
[GenerateSerializer, Immutable, Alias("mdm.ProblemError")]
public sealed record ProblemError([property: Id(0)] string Pointer, [property: Id(1)] string Detail);

/// <summary>An expected refusal. Unexpected failures stay exceptions.</summary>
/// <param name="Code">Stable, snake_case, never reused; clients may branch on it.</param>
/// <param name="Detail">For people; may change in any release.</param>
[GenerateSerializer, Immutable, Alias("mdm.Problem")]
public sealed record Problem(
    [property: Id(0)] ProblemKind Kind,
    [property: Id(1)] string Code,
    [property: Id(2)] string Detail)
{
    /// <summary>Where the input was bad; empty when it is not about one place of it.</summary>
    [Id(3)]
    public ImmutableArray<ProblemError> Errors { get; init; } = [];

    /// <summary>From when on the same request may pass; null where no instant will help.</summary>
    [Id(4)]
    public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>A value, or the reason why there is none.</summary>
/// <remarks>Exactly one of the two is set.</remarks>
[GenerateSerializer, Immutable, Alias("mdm.Outcome`1")]
public sealed record Outcome<T>([property: Id(0)] T? Value, [property: Id(1)] Problem? Problem)
    where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(null, problem);
}
