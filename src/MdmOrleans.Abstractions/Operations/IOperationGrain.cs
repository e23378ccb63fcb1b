using System.Collections.Immutable;
using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Operations;
using Orleans.Concurrency;

namespace MdmOrleans.Abstractions.Operations;

/// <summary>One command for a part of a fleet, on its way. Key: <c>OperationId.ToString()</c>.</summary>
/// <remarks>Returns once what was asked for is stored. It goes on by itself, over the end of any process.</remarks>
[GrainInterfaceType("mdm.operation")]
public interface IOperationGrain : IGrainWithStringKey
{
    /// <summary>Called by the directory. Stores the request; who it is for is found out afterwards.</summary>
    /// <returns>Refused where it was accepted before, for another request.</returns>
    [Alias("Accept")]
    Task<Outcome<Operation>> AcceptAsync(OperationRequest request, CancellationToken cancellationToken);

    /// <summary>As it was a second or two ago; null when there is none.</summary>
    [Alias("Read"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<Operation?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Asks no more devices for now; what was queued stays.</summary>
    [Alias("Pause"), ForClients(KeyRole.Operator)]
    Task<Outcome<Operation>> PauseAsync([Actor] string actor, CancellationToken cancellationToken);

    /// <summary>Goes on where it was paused, or where it stopped: the failures until now count no more.</summary>
    [Alias("Resume"), ForClients(KeyRole.Operator)]
    Task<Outcome<Operation>> ResumeAsync([Actor] string actor, CancellationToken cancellationToken);

    /// <summary>Asks no more devices, and takes back what has not been sent.</summary>
    [Alias("Cancel"), ForClients(KeyRole.Operator)]
    Task<Outcome<Operation>> CancelAsync([Actor] string actor, CancellationToken cancellationToken);

    [Alias("Adjust"), ForClients(KeyRole.Operator)]
    Task<Outcome<Operation>> AdjustAsync(OperationChange change, [Actor] string actor, CancellationToken cancellationToken);

    /// <summary>Does at once what it would do within a second.</summary>
    [Alias("Pulse"), ResponseTimeout("00:00:30")]
    Task PulseAsync(CancellationToken cancellationToken);

    /// <summary>Removes all that is kept of it; to be asked of one that is settled.</summary>
    [Alias("Forget"), ResponseTimeout("00:00:30")]
    Task ForgetAsync(CancellationToken cancellationToken);
}

/// <summary>The operations of a tenant. Key: <c>TenantId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.operations")]
public interface IOperationDirectory : IGrainWithStringKey
{
    /// <summary>Newest first, which is by id. One of which nothing is found was never accepted.</summary>
    [Alias("List"), AlwaysInterleave, ForClients(KeyRole.Reader)]
    Task<ImmutableArray<Guid>> ListAsync(CancellationToken cancellationToken);

    /// <summary>How many are not settled.</summary>
    [Alias("CountOpen"), AlwaysInterleave]
    Task<int> CountOpenAsync(CancellationToken cancellationToken);

    /// <summary>Starts an operation; returns once it is stored. Where many are kept, the oldest that is settled is forgotten.</summary>
    /// <param name="idempotencyKey">The same key again is the same operation, for as long as it is kept; null: none.</param>
    /// <returns>Refused while too many are under way.</returns>
    [Alias("Start"), ForClients(KeyRole.Operator)]
    Task<Outcome<Operation>> StartAsync(OperationRequest request, string? idempotencyKey, CancellationToken cancellationToken);
}
