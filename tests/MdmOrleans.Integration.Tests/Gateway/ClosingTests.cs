using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Gateway.Mqtt;
using MdmOrleans.Gateway.Sessions;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class ClosingTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Theory]
    [InlineData(0x8E)]
    [InlineData(0x87)]
    [InlineData(0x98)]
    public async Task A_session_that_the_twin_ends_is_told_why(int code)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:ended");
        await using var old = await WireClient.ConnectAsync(_host.Port, 4, "acme:ended4");

        (await _host.FindAsync("acme:ended")).Close((ReasonCode)code, "test");
        (await _host.FindAsync("acme:ended4")).Close((ReasonCode)code, "test");

        Assert.Equal((0xE0, code), await client.ReadDisconnectAsync());
        await client.ExpectClosedAsync();
        await old.ExpectClosedAsync();
    }

    [Theory]
    [InlineData("session_superseded", 0x8E)]
    [InlineData("credential_revoked", 0x87)]
    public async Task A_connection_that_the_twin_knows_better_than_ends_with_its_next_message(string code, int reason)
    {
        var problem = code == ProblemCatalog.CredentialRevoked.Code ? ProblemCatalog.CredentialRevoked : ProblemCatalog.SessionSuperseded;
        _host.Twins["acme:forgotten"].OnCheckIn = _ => Task.FromResult<Outcome<Verdict>>(problem);
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:forgotten");

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/forgotten/up/checkin", CheckInTests.Payload));

        Assert.Equal(0x87, (await client.ReadAsync()).Body[2]);
        Assert.Equal((0xE0, reason), await client.ReadDisconnectAsync());
    }

    [Theory]
    [InlineData(CloseReason.Retired, 5, 0x98)]
    [InlineData(CloseReason.Revoked, 5, 0x87)]
    [InlineData(CloseReason.Retired, 4, null)]
    public async Task A_report_that_ends_its_session_is_acknowledged_before_the_session_ends(CloseReason reason, int version, int? code)
    {
        var id = $"acme:last{reason}{version}";
        var twin = _host.Twins[id];
        await using var client = await WireClient.ConnectAsync(_host.Port, version, id);
        var session = await twin.Connected.NextAsync();
        var answer = new TaskCompletionSource<Problem?>();
        twin.OnReport = _ => answer.Task;
        var topic = $"mdm/v1/acme/last{reason}{version}/up/command/{FakeTwin.ACommand().Id}";
        await client.SendAsync(Packets.Publish(version, topic, """{ "status": "succeeded" }"""));
        await twin.Reports.NextAsync();

        GatewayService.Close(_host.Session(id, session), reason); // the twin's word overtakes its own answer
        answer.SetResult(null);

        Assert.Equal(0x40, (await client.ReadAsync()).Header);
        if (code is { } expected)
        {
            Assert.Equal((0xE0, expected), await client.ReadDisconnectAsync());
        }

        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_twin_is_told_when_the_connection_is_gone(bool politely)
    {
        var twin = _host.Twins["acme:gone"];
        var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:gone");
        var session = await twin.Connected.NextAsync();
        if (politely)
        {
            await client.SendAsync(Packets.Disconnect);
        }

        await client.DisposeAsync();

        Assert.Equal(session, politely ? await twin.Disconnected.NextAsync() : (await twin.Losses.NextAsync()).Session);
    }

    [Fact]
    public async Task What_was_sent_before_a_disconnect_still_reaches_the_twin()
    {
        var twin = _host.Twins["acme:parting"];
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:parting");
        var messages = Enumerable.Range(0, 5).Select(_ => Packets.Publish(5, "mdm/v1/acme/parting/up/checkin", CheckInTests.Payload, qos: 0));

        await client.SendAsync([.. messages, Packets.Disconnect]);

        for (var i = 0; i < 5; i++)
        {
            await twin.CheckIns.NextAsync();
        }

        await twin.Disconnected.NextAsync();
    }

    [Fact]
    public async Task A_gateway_that_goes_down_answers_what_it_has_and_says_so()
    {
        await using var host = await GatewayHost.StartAsync();
        var stored = new TaskCompletionSource<Outcome<Verdict>>();
        host.Twins["acme:busy"].OnCheckIn = _ => stored.Task;
        await using var busy = await WireClient.ConnectAsync(host.Port, 5, "acme:busy");
        await using var idle = await WireClient.ConnectAsync(host.Port, 5, "acme:idle");
        await using var late = await WireClient.OpenAsync(host.Port);
        await busy.SendAsync(Packets.Publish(5, "mdm/v1/acme/busy/up/checkin", CheckInTests.Payload));
        await host.Twins["acme:busy"].CheckIns.NextAsync();

        var stopping = host.StopAsync();
        var idleEnd = await idle.ReadDisconnectAsync();
        await late.SendAsync(Packets.Connect(5, "acme:late"));
        var lateEnd = await late.TryReadAsync();
        stored.SetResult(FakeTwin.AVerdict());
        var ack = await busy.ReadAsync();
        var answer = await busy.ReadAsync();
        var busyEnd = await busy.ReadDisconnectAsync();

        Assert.Equal((0xE0, 0x8B), idleEnd);
        Assert.Equal((0x20, 0x9C), (lateEnd!.Header, lateEnd.Body[1]));
        Assert.Equal((0x40, 0x30, 0x8B), (ack.Header, answer.Header, busyEnd.Code));
        await stopping;
    }
}
