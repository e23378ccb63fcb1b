using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Contracts.Http.Commands;

/// <summary>One command of one device, from the request to its end.</summary>
public sealed record CommandBody
{
    public required Guid Id { get; init; }

    public required string Kind { get; init; }

    [AllowedValues(
        CommandStatusNames.OnHold, CommandStatusNames.Queued, CommandStatusNames.Sent, ReportStatusNames.NotNow, ReportStatusNames.Received,
        ReportStatusNames.Executing, ReportStatusNames.Succeeded, ReportStatusNames.Failed, ReportStatusNames.Rejected,
        CommandStatusNames.RejectedByGuard, CommandStatusNames.Canceled, CommandStatusNames.CanceledButExecuted,
        CommandStatusNames.Superseded, CommandStatusNames.Expired)]
    public required string Status { get; init; }

    /// <summary>An object, as it was asked for.</summary>
    public required RawJson Parameters { get; init; }

    /// <summary>Who asked, e.g. <c>key:admin</c>.</summary>
    public required string RequestedBy { get; init; }

    public required string? Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From this instant on it is not delivered any more; null: it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>It is not delivered before this instant: its patch window is closed, or the device asked for time. Absent: nothing holds it back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DeliverableFrom { get; init; }

    /// <summary>How often the device acknowledged its delivery.</summary>
    public required int Attempts { get; init; }

    /// <summary>The enrollment epoch that it belongs to.</summary>
    public required int Epoch { get; init; }

    /// <summary>From the device's report, or why it ended, e.g. <c>noReport</c>.</summary>
    public required string? Code { get; init; }

    /// <summary>For people, from the device's report.</summary>
    public required string? Detail { get; init; }

    /// <summary>An object, from the device's report.</summary>
    public required RawJson Result { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
