using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions.Commands;

/// <summary>The command queue of one device. Key: <c>DeviceId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.device.commands")]
public interface IDeviceCommands : IGrainWithStringKey
{
    /// <summary>Queues a command; returns once it is stored. The same idempotency key returns the same command.</summary>
    [Alias("Enqueue"), ForClients(KeyRole.Operator)]
    Task<Outcome<CommandReceipt>> EnqueueAsync(CommandRequest request, CancellationToken cancellationToken);

    /// <summary>Cancels; a conflict once it is final.</summary>
    /// <param name="actor">E.g. <c>key:admin</c>.</param>
    [Alias("Cancel"), ForClients(KeyRole.Operator)]
    Task<Outcome<DeviceCommand>> CancelAsync(Guid id, [Actor] string actor, CancellationToken cancellationToken);

    /// <summary>A person decides a command that is held. Returns once it is stored.</summary>
    /// <param name="isApproved">False: it is rejected, and never goes.</param>
    /// <param name="key">The name of the key that decides. It approves only as a second person; it rejects whatever it may operate.</param>
    /// <param name="note">For the history; at most 1,000 characters.</param>
    [Alias("DecideHoldWithNote"), ForClients(KeyRole.Operator)]
    Task<Outcome<DeviceCommand>> DecideHoldAsync(Guid id, bool isApproved, [KeyName] string key, string? note, CancellationToken cancellationToken);

    /// <summary>The device acknowledged the delivery of these. Unknown ones, and those of another session, change nothing.</summary>
    /// <returns>Null, unless it could not be stored.</returns>
    [Alias("MarkSent"), ResponseTimeout("00:00:09")]
    Task<Problem?> MarkSentAsync(ImmutableArray<Guid> ids, SessionEpoch session, CancellationToken cancellationToken);

    /// <summary>What became of a command. Returns once it is stored.</summary>
    /// <returns>Null when accepted, also when it changes nothing any more; not found for a command that this device does not have.</returns>
    [Alias("Report"), ResponseTimeout("00:00:09")]
    Task<Problem?> ReportAsync(CommandReport report, CancellationToken cancellationToken);

    /// <summary>Pending ones in the order in which they will be offered, then the finished ones, newest first; not found for an unknown device.</summary>
    [Alias("List"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<Outcome<CommandQueue>> ListAsync(CancellationToken cancellationToken);
}
