namespace MdmOrleans.Storage.GroupCommit;

/// <summary>One caller and what it asked for. Is its own completion source: one object a call.</summary>
internal sealed class Pending<TItem, TOutcome>(TItem item, long acceptedAt)
    : TaskCompletionSource<TOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public TItem Item { get; } = item;

    /// <summary>A timestamp of the <see cref="TimeProvider"/>; its deadline is this plus the lane's patience.</summary>
    public long AcceptedAt { get; } = acceptedAt;
}
