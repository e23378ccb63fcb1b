namespace MdmOrleans.Contracts.Problems;

/// <summary>A refusal as RFC 9457 has it: the body of an HTTP error, and the payload of <c>dn/error</c>.</summary>
public sealed record ProblemDocument
{
    /// <summary><c>urn:mdm:problem:{code}</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The same for every problem with this code, over HTTP and MQTT: see <see cref="ProblemTitles"/>.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status. Absent over MQTT where there is none.</summary>
    public int? Status { get; init; }

    /// <summary>For people; may change in any release.</summary>
    public string? Detail { get; init; }

    /// <summary>For programs: stable, snake_case, never reused.</summary>
    public required string Code { get; init; }

    /// <summary>What was wrong with the input, by JSON Pointer. Absent where the input was not at fault.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>From when on the same request may pass. Absent where no instant will help.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Of <c>mass_effect</c>: how many of the devices that were judged have <c>allow</c>, <c>quarantine</c> and <c>block</c>.</summary>
    public IReadOnlyDictionary<string, long>? Before { get; init; }

    /// <summary>Of <c>mass_effect</c>: how many would have, now or when their grace ends.</summary>
    public IReadOnlyDictionary<string, long>? After { get; init; }

    /// <summary>Of <c>mass_effect</c>: from how many of the devices that were judged <c>allow</c> would be taken.</summary>
    public long? Affected { get; init; }

    /// <summary>Of <c>mass_effect</c>: how many devices were judged.</summary>
    public long? Devices { get; init; }

    /// <summary>Of <c>mass_effect</c>: how many devices of the tenant checked in within 30 days; about, where <c>judged</c> is <c>sample</c>.</summary>
    public long? Fleet { get; init; }

    /// <summary>Of <c>mass_effect</c>: <c>fleet</c>, or <c>sample</c> for a fleet of more than 2,000 devices.</summary>
    public string? Judged { get; init; }

    /// <summary>Of <c>mass_effect</c>: the same request with <c>?confirm=</c> and this word passes within ten minutes.</summary>
    public string? Confirm { get; init; }

    /// <summary>Over MQTT: the topic whose message was refused.</summary>
    public string? Topic { get; init; }

    /// <summary>Over MQTT: the <c>rid</c> of the message that was refused, where it had one.</summary>
    public string? Rid { get; init; }

    /// <summary>A document with the type and the title that belong to <paramref name="code"/>.</summary>
    public static ProblemDocument Of(string code, string detail) => new()
    {
        Type = $"urn:mdm:problem:{code}",
        Title = ProblemTitles.Of(code),
        Detail = detail,
        Code = code,
    };
}

/// <summary>How <see cref="ProblemDocument.Judged"/> is spelled.</summary>
public static class MassEffectNames
{
    public const string Fleet = "fleet";
    public const string Sample = "sample";
}
