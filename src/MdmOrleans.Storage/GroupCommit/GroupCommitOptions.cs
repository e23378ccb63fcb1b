namespace MdmOrleans.Storage.GroupCommit;

/// <summary>How callers are gathered into batches.</summary>
internal sealed record GroupCommitOptions
{
    /// <summary>Tag of the metrics, and the word that exceptions and logs use.</summary>
    public required string Name { get; init; }

    /// <summary>Batches that may be under way at once. One row always takes the same lane.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Most rows of one transaction.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Callers that may wait in one lane; the next one waits for a place, which is the back-pressure.</summary>
    public int LaneCapacity { get; init; } = 4096;

    /// <summary>
    /// From the call to its end, whatever happens. Below the ten seconds within which a device is owed an answer.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>First pause after a transient fault; doubles up to sixteen times itself.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(50);
}
