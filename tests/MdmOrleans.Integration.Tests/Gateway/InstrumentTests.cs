using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class InstrumentTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Fact]
    public void The_duration_of_check_ins_has_buckets_of_milliseconds()
    {
        Histogram<double>? duration = null;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) => duration = instrument.Name == "mdm.checkins.duration" ? instrument as Histogram<double> : duration,
        };
        listener.Start();

        Assert.Equal(0.001, duration?.Advice?.HistogramBucketBoundaries?[0]);
    }

    [Fact]
    public async Task Tags_are_words_of_the_wire()
    {
        ConcurrentBag<string> tags = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == "MdmOrleans")
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, found, _) =>
        {
            foreach (var (name, value) in found)
            {
                tags.Add($"{instrument.Name} {name}={value}");
            }
        });
        listener.Start();
        _host.Twins["acme:tagged"].OnCheckIn = _ => Task.FromResult<Outcome<Verdict>>(
            FakeTwin.AVerdict() with { Compliance = ComplianceStatus.InGracePeriod });

        await using (var refused = await WireClient.OpenAsync(_host.Port))
        {
            await refused.SendAsync(Packets.Connect(5, "acme:tagged", password: "wrong"));
            await refused.ReadAsync();
        }

        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:tagged");
        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/tagged/up/checkin", CheckInTests.Payload));
        await client.ExpectAsync(0x40, 0x30);
        await client.SendAsync(Packets.Publish(5, "elsewhere", "{}"), [0x30, 7, 0, 1, 65, 3, 0x23, 0, 0]);
        await client.ExpectAsync(0x40, 0xE0);
        await client.ExpectClosedAsync();

        Assert.Contains("mdm.mqtt.connects result=badUserNameOrPassword", tags);
        Assert.Contains("mdm.mqtt.connects result=success", tags);
        Assert.Contains("mdm.mqtt.closes reason=topicAliasInvalid", tags);
        Assert.Contains("mdm.mqtt.refusals code=topic_forbidden", tags);
        Assert.Contains("mdm.checkins.verdicts compliance=inGracePeriod", tags);
    }
}
