using System.Collections.Immutable;
using MdmOrleans.Abstractions.Operations;
using MdmOrleans.Core.Operations;

namespace MdmOrleans.Grains.Operations;

/// <summary>What an operation knows of its slices, and whom it has to call next. All of it is known anew after the first round of calls.</summary>
internal sealed class OperationSlices(IGrainFactory grains)
{
    private const int AtOnce = 20;
    private const int WithdrawnAtOnce = 1; // taking back a whole fleet must not flood the store

    private readonly Dictionary<int, (SliceReport Report, int UpTo, string? WithdrawnBy)> _last = [];

    public int InFlight => _last.Values.Sum(last => last.Report.InFlight);

    public OperationTally Tally => OperationTally.Sum([.. _last.Values.Select(last => last.Report.Tally)]);

    /// <summary>Calls every slice that has something to do now: who is to ask, who is told something, who wanted to be called.</summary>
    /// <returns>How many were called, and whether nobody has anything to do until there is news.</returns>
    public async Task<(int Called, bool IsQuiet)> AdvanceAsync(
        Operation operation, ILookup<int, OperationNews> news, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var withdrawnBy = operation.Status == OperationStatus.Canceling ? operation.Steps[^1].Actor : null;
        var reached = (operation.Asked + Operation.SliceSize - 1) / Operation.SliceSize;
        int[] due = [.. Enumerable.Range(0, reached).Where(slice => news.Contains(slice) || IsDue(slice))];
        int[] called = [.. withdrawnBy is null ? due : due.Where(news.Contains).Union(due.Take(WithdrawnAtOnce))];
        foreach (var some in called.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(CallAsync));
        }

        return (called.Length, called.Length == due.Length && _last.Values.All(last => last.Report.NextAt is null));

        bool IsDue(int slice) => !_last.TryGetValue(slice, out var last)
            || last.Report.NextAt <= now
            || (last.UpTo, last.WithdrawnBy) != (UpTo(slice), withdrawnBy);

        int UpTo(int slice) => operation.Status != OperationStatus.Running ? 0
            : Math.Min(Operation.SliceSize, operation.Asked - (slice * Operation.SliceSize));

        async Task CallAsync(int slice)
        {
            var order = new SliceOrder(operation.Request.Command, UpTo(slice), withdrawnBy, [.. news[slice]]);
            var report = await grains.GetGrain<IOperationSlice>(operation.Id.Slice(slice)).AdvanceAsync(order, cancellationToken);
            _last[slice] = (report, order.UpTo, withdrawnBy);
        }
    }
}
