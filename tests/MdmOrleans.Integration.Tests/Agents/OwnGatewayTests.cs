using MdmOrleans.Agent.Sdk;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Integration.Tests.Gateway;

namespace MdmOrleans.Integration.Tests.Agents;

/// <summary>Both ends are ours here, and nothing between them is played.</summary>
public sealed class OwnGatewayTests
{
    [Theory]
    [InlineData("mqtt", false)]
    [InlineData("mqtt", true)]
    [InlineData("ws", false)]
    [InlineData("ws", true)]
    public async Task A_device_checks_in_and_reports_on_its_command(string scheme, bool mqtt311)
    {
        await using var host = await GatewayHost.StartAsync();
        var twin = host.Twins["acme:tablet-7"];
        var command = FakeTwin.ACommand() with { ExpiresAt = FakeTwin.AVerdict().ServerTime.AddHours(1) };
        twin.OnCheckIn = _ => Task.FromResult<Outcome<Verdict>>(FakeTwin.AVerdict(command));
        var endpoint = scheme == "ws" ? new Uri($"ws://127.0.0.1:{host.HttpPort}/mqtt") : EndpointOf(host);

        await using var device = new ADevice(endpoint, mqtt311: mqtt311, token: FakeTwin.Token);

        Assert.Contains("bash", (await twin.CheckIns.NextAsync()).Posture.Apps.ToString(), StringComparison.Ordinal);
        Assert.Equal(ComplianceNames.Compliant, (await device.Answers.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon()).Compliance);
        while (await twin.Reports.NextAsync() is var report && report.Status != CommandStatus.Succeeded)
        {
            Assert.Equal(command.Id, report.Id);
        }
    }

    [Fact]
    public async Task A_device_with_a_wrong_token_stops()
    {
        await using var host = await GatewayHost.StartAsync();

        await using var device = new ADevice(EndpointOf(host), token: "wrong");

        Assert.Equal((DeviceClientEndKind.Refused, 0x86), Of(await device.Ended.Soon()));
    }

    [Fact]
    public async Task A_check_in_that_could_not_be_stored_comes_again_with_the_same_seq()
    {
        await using var host = await GatewayHost.StartAsync();
        var twin = host.Twins["acme:tablet-7"];
        var failures = 0;
        twin.OnCheckIn = _ => Interlocked.Increment(ref failures) == 1
            ? throw new TimeoutException("The storage is away.")
            : Task.FromResult<Outcome<Verdict>>(FakeTwin.AVerdict());

        await using var device = new ADevice(EndpointOf(host), token: FakeTwin.Token);
        var first = await twin.CheckIns.NextAsync();

        var second = await twin.CheckIns.NextAsync();
        Assert.Equal((first.Boot, first.Seq), (second.Boot, second.Seq));
    }

    private static Uri EndpointOf(GatewayHost host) => new($"mqtt://127.0.0.1:{host.Port}");

    private static (DeviceClientEndKind, int?) Of(DeviceClientEnd end) => (end.Kind, end.ReasonCode);
}
