using System.Diagnostics.Metrics;
using MdmOrleans.Abstractions.Deadlines;
using MdmOrleans.Core.Deadlines;

namespace MdmOrleans.Grains.Deadlines;

/// <summary>How late deadlines are acted on.</summary>
internal sealed class DeadlineInstruments
{
    private readonly long[] _oldest = new long[DeadlineShards.Count]; // UTC ticks; 0: nothing waits
    private readonly TimeProvider _time;
    private readonly Histogram<double> _lateness;
    private readonly Counter<long> _failures;

    public DeadlineInstruments(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create("MdmOrleans");
        _lateness = meter.CreateHistogram(
            "mdm.deadlines.lateness",
            unit: "s",
            description: "From the instant at which a device was to act until what it did was stored; by what it was due for.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400],
            });
        _failures = meter.CreateCounter<long>(
            "mdm.deadlines.failures", unit: "{attempt}", description: "Devices that could not act when they were due; they are tried again.");
        meter.CreateObservableGauge(
            "mdm.deadlines.overdue.oldest", OldestOverdue, unit: "s", description: "How long the longest waiting device of this process has been due.");
    }

    public void Acted(DeadlineKind kind, TimeSpan lateness) =>
        _lateness.Record(Math.Max(0, lateness.TotalSeconds), new KeyValuePair<string, object?>("kind", kind.ToWire()));

    public void Failed() => _failures.Add(1);

    public void Waits(int shard, DateTimeOffset? oldestDueAt) => Volatile.Write(ref _oldest[shard], oldestDueAt?.UtcTicks ?? 0);

    private double OldestOverdue()
    {
        var now = _time.GetUtcNow().UtcTicks;
        var oldest = now;
        foreach (ref var ticks in _oldest.AsSpan())
        {
            var due = Volatile.Read(ref ticks);
            oldest = due == 0 || due > oldest ? oldest : due;
        }

        return TimeSpan.FromTicks(now - oldest).TotalSeconds;
    }
}
