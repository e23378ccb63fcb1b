using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;

namespace MdmOrleans.Core.Operations;

/// <summary>What the history tells of a device that an operation may want to know.</summary>
/// <param name="Command">Null where it is about compliance.</param>
/// <param name="Status">Where the command is now.</param>
/// <param name="IsNoncompliant">Null where it is about a command.</param>
[GenerateSerializer, Immutable, Alias("mdm.OperationNews")]
public sealed record OperationNews(
    [property: Id(0)] string Device,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] Guid? Command,
    [property: Id(3)] CommandStatus Status,
    [property: Id(4)] bool? IsNoncompliant)
{
    /// <summary>Null for what is no matter to an operation.</summary>
    public static OperationNews? Of(StreamedEvent streamed)
    {
        var (device, told) = (streamed.Device.Name, streamed.Event);
        return told.Kind switch
        {
            EventKinds.CommandStatusChanged when CommandNames.ToCommandStatus(told.To) is { } status
                && Guid.TryParse(PastDetails.Text(told.Detail, "command"), out var command) => new(device, told.RecordedAt, command, status, null),
            EventKinds.ComplianceChanged when IsNoncompliantAt(told.From) is var was && IsNoncompliantAt(told.To) is var isNow && was != isNow =>
                new(device, told.RecordedAt, null, default, isNow),
            _ => null,
        };
    }

    private static bool IsNoncompliantAt(string? status) => WireNames.ToComplianceStatus(status) is
        ComplianceStatus.InGracePeriod or ComplianceStatus.Noncompliant or ComplianceStatus.Error;
}
