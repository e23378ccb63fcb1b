namespace MdmOrleans.Contracts.Http.Compliance;

/// <summary>A device that the ladder of its policy nominated for retirement; whether it is retired is for a human to say.</summary>
public sealed record NominationBody
{
    public required string Device { get; init; }

    public required DateTimeOffset NominatedAt { get; init; }

    /// <summary>Since when it has been noncompliant.</summary>
    public required DateTimeOffset? NoncompliantSince { get; init; }

    public required string Lifecycle { get; init; }

    public required string Compliance { get; init; }

    /// <summary>The rules that fail.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    public required DateTimeOffset? LastCheckInAt { get; init; }
}
