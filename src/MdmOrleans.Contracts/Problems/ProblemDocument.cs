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
