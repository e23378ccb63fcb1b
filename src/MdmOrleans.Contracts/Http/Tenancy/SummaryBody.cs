namespace MdmOrleans.Contracts.Http.Tenancy;

/// <summary>How many devices of a tenant are what. Every state is listed, also where it is 0.</summary>
public sealed record SummaryBody
{
    public required long Devices { get; init; }

    /// <summary>Held by a live gateway at this moment.</summary>
    public required long Connected { get; init; }

    public required IReadOnlyDictionary<string, long> Lifecycle { get; init; }

    public required IReadOnlyDictionary<string, long> Compliance { get; init; }

    public required IReadOnlyDictionary<string, long> Access { get; init; }

    /// <summary>Devices of which nobody said what they are count nowhere here.</summary>
    public required IReadOnlyDictionary<string, long> Platform { get; init; }

    /// <summary>How far the newest version of each policy has come, by the name of the policy.</summary>
    public required IReadOnlyDictionary<string, EvaluationBody> Policies { get; init; }

    public required DeadlinesBody Deadlines { get; init; }
}

/// <summary>After a change a fleet is judged again in the background; retired devices do not count.</summary>
/// <param name="Version">The newest version of the policy.</param>
/// <param name="Done">Devices that this version has judged.</param>
/// <param name="Total">Devices that the policy judged last, in whichever version.</param>
public sealed record EvaluationBody(int Version, long Done, long Total);

/// <summary>What should have happened by itself and has not yet.</summary>
/// <param name="Overdue">Devices whose next deadline has passed.</param>
/// <param name="OldestOverdueSeconds">How late the one is that waits longest; 0 when nothing is overdue.</param>
public sealed record DeadlinesBody(long Overdue, double OldestOverdueSeconds);
