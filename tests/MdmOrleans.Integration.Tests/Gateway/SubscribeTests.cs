using MdmOrleans.Core.Commands;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class SubscribeTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Root = "mdm/v1/acme/listener/";

    private readonly GatewayHost _host = fixture.Host;

    [Theory]
    [InlineData(Root + "dn/#", 0, 0x00)]
    [InlineData(Root + "dn/#", 1, 0x01)]
    [InlineData(Root + "dn/#", 2, 0x01)]
    [InlineData(Root + "dn/+", 1, 0x01)]
    [InlineData(Root + "dn/command/+", 1, 0x01)]
    [InlineData(Root + "dn/checkin", 1, 0x01)]
    [InlineData(Root + "up/#", 1, 0x87)]
    [InlineData(Root + "#", 1, 0x87)]
    [InlineData(Root + "+/checkin", 1, 0x87)]
    [InlineData("#", 1, 0x87)]
    [InlineData("mdm/v1/acme/+/dn/#", 1, 0x87)]
    [InlineData("mdm/v1/+/listener/dn/#", 1, 0x87)]
    [InlineData("mdm/v1/acme/other/dn/#", 1, 0x87)]
    [InlineData("mdm/v1/globex/listener/dn/#", 1, 0x87)]
    [InlineData("$SYS/#", 1, 0x87)]
    [InlineData("$share/g/" + Root + "dn/#", 1, 0x9E)]
    public async Task A_filter_is_granted_by_the_table(string filter, byte options, int code)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:listener");
        await using var old = await WireClient.ConnectAsync(_host.Port, 4, "acme:listener");

        await client.SendAsync(Packets.Subscribe(5, 7, (filter, options)));
        await old.SendAsync(Packets.Subscribe(4, 7, (filter, options)));

        var answer = await client.ReadAsync();
        Assert.Equal((0, 7, code), (answer.Body[0], answer.Body[1], answer.Body[^1]));
        Assert.Equal(code >= 0x80, answer.ReasonString is not null);
        Assert.Equal([0, 7, (byte)(code >= 0x80 ? 0x80 : code)], (await old.ReadAsync()).Body);
    }

    [Fact]
    public async Task Overlapping_subscriptions_deliver_once()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:overlap");
        await client.SendAsync(Packets.Subscribe(5, 1, ("mdm/v1/acme/overlap/dn/#", 0), ("mdm/v1/acme/overlap/dn/checkin", 1)));
        await client.ReadAsync();

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/overlap/up/checkin", CheckInTests.Payload), Packets.PingReq);

        await client.ExpectAsync(0x40, 0x30, 0xD0);
    }

    [Fact]
    public async Task Unsubscribing_from_everything_ends_deliveries_until_a_filter_takes_them_again()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:quiet");

        await client.SendAsync(Packets.Unsubscribe(5, 2, "mdm/v1/acme/quiet/dn/#", "mdm/v1/acme/quiet/dn/checkin"));
        Assert.Equal([0, 2, 0, 0x00, 0x11], (await client.ReadAsync()).Body);
        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/quiet/up/checkin", CheckInTests.Payload), Packets.PingReq);
        await client.ExpectAsync(0x40, 0xD0);
        await client.SendAsync(Packets.Subscribe(5, 3, ("mdm/v1/acme/quiet/dn/+", 1)));
        await client.ReadAsync();
        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/quiet/up/checkin", CheckInTests.Payload));

        await client.ExpectAsync(0x40, 0x30);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_that_was_queued_while_unsubscribed_comes_with_the_next_subscribe_if_it_is_still_pending(bool isPending)
    {
        var twin = _host.Twins["acme:back" + isPending];
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:back" + isPending);
        var session = await _host.FindAsync("acme:back" + isPending);
        var root = $"mdm/v1/acme/back{isPending}/";
        await client.SendAsync(Packets.Unsubscribe(5, 1, root + "dn/#"));
        await client.ReadAsync();
        var command = FakeTwin.ACommand();

        session.Push(command);
        twin.Queue = new CommandQueue { Pending = isPending ? [command, FakeTwin.ACommand() with { Status = CommandStatus.Sent }] : [] };
        await client.SendAsync(Packets.PingReq, Packets.Subscribe(5, 2, (root + "dn/#", 1)));

        await client.ExpectAsync(0xD0, 0x90);
        if (isPending)
        {
            Assert.Equal(root + "dn/command/" + command.Id, (await client.ReadAsync()).Topic);
        }

        await client.SendAsync(Packets.Publish(5, root + "up/checkin", CheckInTests.Payload)); // goes to the twin behind the question
        await client.ExpectAsync(0x40, 0x30);
    }

    [Theory]
    [InlineData(new byte[] { 0x82, 2, 0, 1 }, 0x81)] // neither properties nor filters
    [InlineData(new byte[] { 0x82, 3, 0, 1, 0 }, 0x82)] // no filter
    [InlineData(new byte[] { 0x82, 7, 0, 1, 0, 0, 1, 65, 3 }, 0x82)] // QoS 3
    [InlineData(new byte[] { 0x82, 7, 0, 1, 0, 0, 1, 65, 0x40 }, 0x81)] // reserved bits
    [InlineData(new byte[] { 0x82, 6, 0, 1, 0, 0, 0, 1 }, 0x81)] // empty filter
    [InlineData(new byte[] { 0x82, 8, 0, 1, 0, 0, 2, 65, 35, 1 }, 0x81)] // A#
    [InlineData(new byte[] { 0x82, 7, 0, 0, 0, 0, 1, 65, 1 }, 0x82)] // packet id 0
    [InlineData(new byte[] { 0x82, 9, 0, 1, 2, 0x0B, 1, 0, 1, 65, 1 }, 0xA1)] // subscription identifier
    [InlineData(new byte[] { 0x80, 7, 0, 1, 0, 0, 1, 65, 1 }, 0x81)]
    [InlineData(new byte[] { 0xA2, 3, 0, 1, 0 }, 0x82)]
    public async Task A_subscribe_that_is_not_valid_ends_the_connection(byte[] bytes, int code)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:sloppy");

        await client.SendAsync(bytes);

        Assert.Equal((0xE0, code), await client.ReadDisconnectAsync());
    }

    [Fact]
    public async Task More_filters_than_a_connection_may_have_are_over_quota()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:greedy");

        await client.SendAsync(Packets.Subscribe(5, 1, [.. Enumerable.Range(0, 40).Select(i => ($"mdm/v1/acme/greedy/dn/{i}", (byte)1))]));

        var codes = (await client.ReadAsync()).Body[^40..];
        Assert.Equal((32, 8), (codes.Count(c => c == 1), codes.Count(c => c == 0x97)));
    }
}
