using MdmOrleans.Abstractions.Identity;
using MdmOrleans.Core;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Abstractions.Deadlines;

/// <summary>What a device does without being spoken to, and what a human undoes of it. Key: <c>DeviceId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.device.deadlines")]
public interface IDeviceDeadlines : IGrainWithStringKey
{
    /// <summary>Acts on whatever is overdue, each as of its own instant. Changes nothing when nothing is.</summary>
    /// <param name="dueAt">When the database has it due.</param>
    /// <param name="version">Of the twin for which that was read: a twin that has gone on knows better. 0: of none.</param>
    [Alias("Act"), ResponseTimeout("00:00:10")]
    Task<DueOutcome> ActAsync(DateTimeOffset dueAt, long version, CancellationToken cancellationToken);

    /// <summary>Takes it off the list of devices to be retired; it comes back in another episode only.</summary>
    [Alias("Dismiss"), ForClients(KeyRole.Operator)]
    Task<Outcome<Device>> DismissAsync([Actor] string actor, CancellationToken cancellationToken);
}

/// <param name="NextDueAt">When it is due again; null: never. Not later than now: it could not act.</param>
/// <param name="Problem">Why it could not; null when it did.</param>
[GenerateSerializer, Immutable, Alias("mdm.DueOutcome")]
public readonly record struct DueOutcome([property: Id(0)] DateTimeOffset? NextDueAt, [property: Id(1)] Problem? Problem);
