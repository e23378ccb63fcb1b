using System.Diagnostics.Metrics;
using MdmOrleans.Storage.Health;

namespace MdmOrleans.Storage.GroupCommit;

/// <summary>What the stores measure of themselves; the tag <c>store</c> says which. Readiness hears of it, too.</summary>
internal sealed class StorageInstruments
{
    private static readonly InstrumentAdvice<int> RowBuckets = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    };

    private static readonly InstrumentAdvice<double> SecondBuckets = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    private readonly Meter _meter;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;
    private readonly StoreFailures _known;

    public StorageInstruments(IMeterFactory meters, StoreFailures known)
    {
        _known = known;
        _meter = meters.Create("MdmOrleans");
        _batchSize = _meter.CreateHistogram(
            "mdm.storage.batch.size", unit: "{row}", description: "Rows of one transaction.", advice: RowBuckets);
        _duration = _meter.CreateHistogram(
            "mdm.storage.commit.duration", unit: "s", description: "One transaction, to its commit.", advice: SecondBuckets);
        _failures = _meter.CreateCounter<long>(
            "mdm.storage.failures", unit: "{attempt}", description: "Transactions that failed, by fault.");
    }

    public void Committed(string store, int rows, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("store", store);
        _batchSize.Record(rows, tag);
        _duration.Record(duration.TotalSeconds, tag);
        _known.Succeeded(store);
    }

    public void Failed(string store, BatchFault fault)
    {
        _failures.Add(
            1,
            new KeyValuePair<string, object?>("store", store),
            new KeyValuePair<string, object?>("fault", fault switch
            {
                BatchFault.Transient => "transient",
                BatchFault.Poisoned => "poisoned",
                _ => "broken",
            }));
        if (fault is not BatchFault.Poisoned) // one row that nobody can store says nothing of the others
        {
            _known.Failed(store);
        }
    }

    public void ObserveQueue(string store, Func<long> depth) => _meter.CreateObservableGauge(
        "mdm.storage.queue.depth",
        () => new Measurement<long>(depth(), new KeyValuePair<string, object?>("store", store)),
        unit: "{request}",
        description: "Callers that wait for a batch.");
}
