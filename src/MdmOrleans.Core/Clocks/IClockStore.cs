namespace MdmOrleans.Core.Clocks;

/// <summary>What the database knows of the time.</summary>
public interface IClockStore
{
    /// <summary>The database server's own clock; null where the database is a file on this server.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    ValueTask<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken);

    /// <summary>The instant that a server has stored last as certain; null before the first.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    ValueTask<DateTimeOffset?> ReadMarkAsync(CancellationToken cancellationToken);

    /// <summary>Stores that it is at least <paramref name="at"/>. An earlier one replaces a later one.</summary>
    /// <exception cref="StorageUnavailableException">Not stored, or unknown.</exception>
    ValueTask MarkAsync(DateTimeOffset at, CancellationToken cancellationToken);
}
