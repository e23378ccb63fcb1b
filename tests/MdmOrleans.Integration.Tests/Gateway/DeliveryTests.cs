using System.Text.Json;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class DeliveryTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task What_is_pending_is_delivered_on_connect_and_marked_when_acknowledged(int version)
    {
        var command = FakeTwin.ACommand();
        var twin = _host.Twins["acme:pending"];
        twin.OnConnect = _ => Task.FromResult(new ConnectReply(ConnectResult.Accepted, 1, [command]));
        await using var client = await WireClient.ConnectAsync(_host.Port, version, "acme:pending");

        var delivery = await client.ReadAsync();
        await client.SendAsync(Packets.PubAck(delivery.PublishId));

        Assert.Equal(($"mdm/v1/acme/pending/dn/command/{command.Id}", 1), (delivery.Topic, delivery.QoS));
        Assert.Equal("lock", JsonDocument.Parse(delivery.Payload(version)).RootElement.GetProperty("kind").GetString());
        Assert.Equal([command.Id], await twin.Sent.NextAsync());
    }

    [Fact]
    public async Task A_pushed_command_says_how_long_it_lives()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:pushed");
        var session = await _host.FindAsync("acme:pushed");

        session.Push(FakeTwin.ACommand());

        var delivery = await client.ReadAsync();
        var properties = delivery.Body[(2 + delivery.Topic.Length + 2)..];
        Assert.Equal((5, 0x02), (properties[0], properties[1]));
        Assert.InRange((properties[4] << 8) | properties[5], 3500, 3600);
    }

    [Fact]
    public async Task What_belongs_to_a_newer_enrollment_is_not_for_this_connection()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:enrolled-again");
        var session = await _host.FindAsync("acme:enrolled-again");
        var own = FakeTwin.ACommand();

        session.Push(FakeTwin.ACommand() with { Epoch = 2 });
        session.Push(own);

        Assert.EndsWith(own.Id.ToString(), (await client.ReadAsync()).Topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_more_is_in_flight_than_the_client_takes()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:narrow", properties: [0x21, 0, 2]);
        var session = await _host.FindAsync("acme:narrow");
        for (var i = 0; i < 3; i++)
        {
            session.Push(FakeTwin.ACommand());
        }

        var first = await client.ReadAsync();
        var second = await client.ReadAsync();
        await client.SendAsync(Packets.PingReq);
        var ping = await client.ReadAsync();
        await client.SendAsync(Packets.PubAck(first.PublishId));
        var third = await client.ReadAsync();

        Assert.Equal([0x32, 0x32, 0xD0, 0x32], [first.Header, second.Header, ping.Header, third.Header]);
        Assert.Equal(3, new HashSet<ushort> { first.PublishId, second.PublishId, third.PublishId }.Count);
    }

    [Fact]
    public async Task An_old_client_gets_16_at_a_time()
    {
        var commands = Enumerable.Range(0, 20).Select(_ => FakeTwin.ACommand()).ToArray();
        _host.Twins["acme:sixteen"].OnConnect = _ => Task.FromResult(new ConnectReply(ConnectResult.Accepted, 1, [.. commands]));
        await using var client = await WireClient.ConnectAsync(_host.Port, 4, "acme:sixteen");
        await client.SendAsync(Packets.PingReq);

        var count = 0;
        while ((await client.ReadAsync()).Header == 0x32)
        {
            count++;
        }

        Assert.Equal(16, count);
    }

    [Fact]
    public async Task A_verdict_with_commands_has_qos_1_and_its_acknowledgment_marks_them()
    {
        var twin = _host.Twins["acme:offered"];
        var verdict = FakeTwin.AVerdict(FakeTwin.ACommand(), FakeTwin.ACommand());
        twin.OnCheckIn = _ => Task.FromResult<Outcome<Verdict>>(verdict);
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:offered");

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/offered/up/checkin", CheckInTests.Payload));
        await client.ReadAsync();
        var answer = await client.ReadAsync();
        await client.SendAsync(Packets.PubAck(answer.PublishId));

        Assert.Equal(1, answer.QoS);
        Assert.Equal(verdict.Commands.Select(c => c.Id), await twin.Sent.NextAsync());
    }

    [Fact]
    public async Task What_the_client_refuses_is_not_marked()
    {
        var twin = _host.Twins["acme:refusing"];
        var commands = new[] { FakeTwin.ACommand(), FakeTwin.ACommand() };
        twin.OnConnect = _ => Task.FromResult(new ConnectReply(ConnectResult.Accepted, 1, [.. commands]));
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:refusing");
        var first = await client.ReadAsync();
        var second = await client.ReadAsync();

        await client.SendAsync(Packets.PubAck(first.PublishId, 0x83), Packets.PubAck(999), Packets.PubAck(second.PublishId));

        Assert.Equal([commands[1].Id], await twin.Sent.NextAsync());
    }

    [Fact]
    public async Task Nothing_larger_than_the_client_takes_is_sent()
    {
        var twin = _host.Twins["acme:small"];
        var verdict = FakeTwin.AVerdict(FakeTwin.ACommand(200), FakeTwin.ACommand(200), FakeTwin.ACommand(200));
        twin.OnCheckIn = _ => Task.FromResult<Outcome<Verdict>>(verdict);
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:small", properties: [0x27, 0, 0, 0x03, 0x80]);
        (await _host.FindAsync("acme:small")).Push(FakeTwin.ACommand(1000));

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/small/up/checkin", CheckInTests.Payload));
        var ack = await client.ReadAsync();
        var answer = await client.ReadAsync();

        Assert.Equal(0x40, ack.Header);
        Assert.InRange(answer.Body.Length + 3, 600, 0x380);
        Assert.Equal(2, JsonDocument.Parse(answer.Payload(5)[(answer.Payload(5)[0] == '{' ? 0 : 1)..]).RootElement.GetProperty("commands").GetArrayLength());
    }

    [Fact]
    public async Task A_push_that_overtakes_the_answer_to_connect_waits_for_it()
    {
        var answered = new TaskCompletionSource();
        var asked = new Signal<ConnectRequest>();
        _host.Twins["acme:early"].OnConnect = async request =>
        {
            asked.Add(request);
            await answered.Task;
            return new ConnectReply(ConnectResult.Accepted, 1, []);
        };
        await using var client = await WireClient.OpenAsync(_host.Port);
        await client.SendAsync(Packets.Connect(5, "acme:early"));
        var request = await asked.NextAsync();
        var command = FakeTwin.ACommand();
        Assert.True(_host.Registry.TryFind(GatewayHost.Device("acme:early"), request.Session, out var session));

        session.Push(command);
        answered.SetResult();

        Assert.Equal(0x20, (await client.ReadAsync()).Header);
        Assert.EndsWith(command.Id.ToString(), (await client.ReadAsync()).Topic, StringComparison.Ordinal);
    }
}
