using System.Diagnostics.Metrics;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Gateway.Mqtt;
using MdmOrleans.Gateway.Sessions;

namespace MdmOrleans.Gateway;

/// <summary>What the endpoint measures. Never a device or a tenant as a tag.</summary>
internal sealed class GatewayInstruments
{
    private static readonly KeyValuePair<string, object?>[] ComplianceTags =
    [
        .. Enum.GetValues<ComplianceStatus>().Select(status => new KeyValuePair<string, object?>("compliance", status.ToWire())),
    ];

    private readonly Counter<long> _connects;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _closes;
    private readonly Counter<long> _losses;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _checkIns;

    public GatewayInstruments(IMeterFactory meters, SessionRegistry registry)
    {
        var meter = meters.Create("MdmOrleans");
        _connects = meter.CreateCounter<long>("mdm.mqtt.connects", description: "CONNECTs, by what was answered.");
        _closes = meter.CreateCounter<long>("mdm.mqtt.closes", description: "Connections that the endpoint ended, by reason.");
        _losses = meter.CreateCounter<long>("mdm.mqtt.losses", description: "Connections of devices that were lost, by how.");
        _refusals = meter.CreateCounter<long>("mdm.mqtt.refusals", description: "Messages that were not accepted, by problem code.");
        _verdicts = meter.CreateCounter<long>("mdm.checkins.verdicts", description: "Answered check-ins, by compliance.");
        _deliveries = meter.CreateCounter<long>("mdm.commands.deliveries", description: "Commands handed to connections.");
        _checkIns = meter.CreateHistogram(
            "mdm.checkins.duration",
            unit: "s",
            description: "From reading a check-in to writing its answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        meter.CreateObservableUpDownCounter("mdm.mqtt.connections", () => registry.Count, description: "Open connections.");
    }

    public void Connected(ReasonCode result) => _connects.Add(1, new KeyValuePair<string, object?>("result", result.ToWord()));

    public void Closed(ReasonCode reason) => _closes.Add(1, new KeyValuePair<string, object?>("reason", reason.ToWord()));

    public void Lost(ConnectionLoss loss) => _losses.Add(1, new KeyValuePair<string, object?>("reason", loss.ToWire()));

    public void Refused(Problem problem) => _refusals.Add(1, new KeyValuePair<string, object?>("code", problem.Code));

    public void Delivered() => _deliveries.Add(1);

    public void CheckedIn(TimeSpan duration, ComplianceStatus compliance)
    {
        _checkIns.Record(duration.TotalSeconds);
        _verdicts.Add(1, ComplianceTags[(int)compliance]);
    }
}
