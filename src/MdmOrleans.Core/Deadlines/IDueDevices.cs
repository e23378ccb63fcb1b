using System.Collections.Immutable;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Deadlines;

/// <summary>A device that is to act at <paramref name="DueAt"/>, as the database has it.</summary>
/// <param name="DueAt">May be earlier than the twin itself asked for: see <see cref="IDueDevices.HastenAsync"/>.</param>
/// <param name="Version">Of the twin when it was read.</param>
/// <param name="Twin">Null when the row cannot be read: whoever loads it will learn why, and nobody else has to suffer from it.</param>
public sealed record DueDevice(DeviceId Id, DateTimeOffset DueAt, long Version, Device? Twin);

/// <summary>Some devices of a tenant are to be judged again, before they would be of their own accord.</summary>
/// <param name="Policy">Those that it judged in an earlier version, and those that no policy judged; null: all.</param>
/// <param name="From">They become due between here …</param>
/// <param name="Until">… and here, evenly spread; what is due earlier anyway stays as it is.</param>
public sealed record Haste(TenantId Tenant, PolicyVersion? Policy, DateTimeOffset From, DateTimeOffset Until);

/// <param name="Moved">Devices that are due earlier now.</param>
/// <param name="Last">The name to go on behind; null when there is nothing left.</param>
public readonly record struct HasteStep(int Moved, string? Last);

/// <summary>What is due, shard by shard, by the index of the next due instants.</summary>
public interface IDueDevices
{
    /// <summary>Devices of <paramref name="shard"/> due at or before <paramref name="until"/>, the earliest first, each with its twin.</summary>
    /// <param name="after">The last one of the page before; null: from the beginning.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <exception cref="StorageUnavailableException">The database does not answer.</exception>
    ValueTask<ImmutableArray<DueDevice>> ReadAsync(
        int shard, DateTimeOffset until, DueDevice? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Stores what <see cref="DeadlineRules.Postpone"/> made of a twin, past its grain and without a new version: an activation
    /// that comes up meanwhile has the same twin with older times, and whatever it writes replaces these.
    /// </summary>
    /// <param name="before">As it was read, due when the database had it due.</param>
    /// <param name="after">The same with its new times.</param>
    /// <param name="cancellationToken">Ends the wait for a place. Once accepted, it is carried to its end.</param>
    /// <returns><see cref="SaveOutcome.Conflict"/> when what is stored, or when it is due, is not what was read.</returns>
    /// <exception cref="StorageUnavailableException">The database does not answer, or too many wait for it.</exception>
    ValueTask<SaveOutcome> PostponeAsync(Device before, Device after, CancellationToken cancellationToken);

    /// <summary>
    /// Looks at up to <paramref name="limit"/> devices of the tenant behind <paramref name="after"/>, by name. Only their due
    /// instant is written, past their grains and without a new version: a write of the twin replaces it, and a device that is being
    /// written at this moment is left out, so the whole is worth repeating. Never waits for a write, and none waits long for it.
    /// </summary>
    ValueTask<HasteStep> HastenAsync(Haste haste, string? after, int limit, CancellationToken cancellationToken);
}
