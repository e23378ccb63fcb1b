using System.Diagnostics;

namespace MdmOrleans.Core.Operations;

/// <summary>How operations are spelled outside.</summary>
public static class OperationNames
{
    public static string StatusToWire(this Operation operation) => operation switch
    {
        { Status: OperationStatus.Running, IsPlanned: false } => "planning",
        { Status: OperationStatus.Running } => "running",
        { Status: OperationStatus.Paused } => "paused",
        { Status: OperationStatus.Stopped } => "stopped",
        { Status: OperationStatus.Canceling } => "canceling",
        { Status: OperationStatus.Canceled } => "canceled",
        { Status: OperationStatus.Completed } => "completed",
        _ => throw new UnreachableException($"No wire name for {operation.Status}"),
    };
}
