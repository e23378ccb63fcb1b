namespace MdmOrleans.Contracts.Commands;

/// <summary>How the states of a command are spelled on the wire. Those that a device reports are <see cref="ReportStatusNames"/>.</summary>
public static class CommandStatusNames
{
    public const string OnHold = "onHold";
    public const string Queued = "queued";
    public const string Sent = "sent";
    public const string Canceled = "canceled";
    public const string CanceledButExecuted = "canceledButExecuted";
    public const string Superseded = "superseded";
    public const string Expired = "expired";
    public const string RejectedByGuard = "rejectedByGuard";
}
