namespace MdmOrleans.Agent.Sdk.CheckIns;

internal sealed partial class CheckInLoop
{
    [LoggerMessage(5201, LogLevel.Information, "Checked in: {Compliance}, access {Access}, findings: {Findings}, next in {NextCheckInSeconds} s")]
    private partial void LogAnswered(string compliance, string access, int findings, int nextCheckInSeconds);

    [LoggerMessage(5202, LogLevel.Warning, "A check-in was refused with {Code}: {Detail}")]
    private partial void LogRefused(string? code, string? detail);

    [LoggerMessage(5203, LogLevel.Error, "The posture of this device could not be read")]
    private partial void LogUnreadable(Exception exception);

    [LoggerMessage(5204, LogLevel.Warning, "A check-in of {Bytes} bytes is larger than the server takes ({MaximumPacketSize}); apps and attributes were left out")]
    private partial void LogTooLarge(int bytes, uint maximumPacketSize);
}
