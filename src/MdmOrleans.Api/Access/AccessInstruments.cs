using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using MdmOrleans.Core.History;

namespace MdmOrleans.Api.Access;

/// <summary>What following access measures.</summary>
internal sealed class AccessInstruments
{
    private readonly Histogram<double> _delay;
    private readonly Counter<long> _checks;
    private int _followers;

    public AccessInstruments(IMeterFactory meters)
    {
        var meter = meters.Create("MdmOrleans");
        _delay = meter.CreateHistogram(
            "mdm.access.change.delay",
            unit: "s",
            description: "From recording a change of access to telling those who follow it.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
        _checks = meter.CreateCounter<long>("mdm.access.checks", description: "Answers to proxies, by access.");
        meter.CreateObservableUpDownCounter("mdm.access.followers", () => _followers, description: "Open streams and long polls of access changes.");
    }

    public void Followers(int count) => _followers = count;

    public void Checked(string access) => _checks.Add(1, new KeyValuePair<string, object?>("access", access));

    public void Changed(ImmutableArray<StreamedEvent> events, DateTimeOffset now)
    {
        foreach (var change in events)
        {
            _delay.Record(Math.Max(0, (now - change.Event.RecordedAt).TotalSeconds));
        }
    }
}
