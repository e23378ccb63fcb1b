using System.Collections.Immutable;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core;

/// <summary>What became of a write.</summary>
public enum SaveOutcome
{
    /// <summary>Committed, twin and events; a crash a microsecond later loses none of it.</summary>
    Saved,

    /// <summary>Somebody stored another version first; nothing was written.</summary>
    Conflict,
}

/// <summary>Keeps twins and their history. One implementation per database; every one passes the same conformance suite.</summary>
/// <remarks>
/// Safe for any number of concurrent callers; concurrent writes of different devices share a transaction.
/// Any failure other than <see cref="StorageUnavailableException"/> means that the outcome is unknown to the caller, too.
/// </remarks>
public interface IDeviceStore
{
    /// <summary>The stored twin with the later of its two last-seen times; null when there is none.</summary>
    /// <exception cref="StorageUnavailableException">The database does not answer, or too many wait for it.</exception>
    ValueTask<Device?> FindAsync(DeviceId id, CancellationToken cancellationToken);

    /// <summary>
    /// Stores <paramref name="after"/> and appends <paramref name="events"/> in one transaction, if the stored version is
    /// <paramref name="before"/>'s, or if there is no such device and <paramref name="before"/> is null.
    /// </summary>
    /// <param name="before">The twin as it was loaded or last saved: parts that it shares with <paramref name="after"/> need not be written.</param>
    /// <param name="after">Its version is one above that of <paramref name="before"/>, or 1.</param>
    /// <exception cref="StorageUnavailableException">Not stored, or, when the connection broke during commit, unknown.</exception>
    ValueTask<SaveOutcome> SaveAsync(Device? before, Device after, ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the twin, with its history, if the stored version is <paramref name="device"/>'s. In the same transaction a tombstone takes
    /// its place and its tenant's audit trail gets a record.
    /// </summary>
    ValueTask<SaveOutcome> DeleteAsync(Device device, Deletion deletion, CancellationToken cancellationToken);

    /// <summary>Remembers when the device was last heard of; flushed within five seconds and on shutdown, never waited for.</summary>
    /// <remarks>An older one never overwrites a newer one. Bounded: one per device.</remarks>
    /// <returns>False, and nothing is remembered, while the database has not taken for more than five seconds what it was to store.</returns>
    bool TryTouch(DeviceId id, LastSeen seen);
}

/// <summary>The database is away, or too many wait for it. Nothing is known to have been stored.</summary>
[GenerateSerializer, Alias("mdm.StorageUnavailableException")]
public sealed class StorageUnavailableException : Exception
{
    public StorageUnavailableException()
    {
    }

    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    public StorageUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
