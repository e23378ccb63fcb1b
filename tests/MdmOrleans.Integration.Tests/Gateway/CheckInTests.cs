using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class CheckInTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    public const string Payload = """{"rid":"r1","platform":"android","osVersion":"16.5","encryptionStatus":"encrypted"}""";

    private readonly GatewayHost _host = fixture.Host;

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task The_acknowledgment_goes_out_before_the_answer(int version)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, version, "acme:order");

        await client.SendAsync(Packets.Publish(version, "mdm/v1/acme/order/up/checkin", Payload, packetId: 9));

        var ack = await client.ReadAsync();
        var answer = await client.ReadAsync();
        Assert.Equal(0x40, ack.Header);
        Assert.Equal([0, 9], ack.Body);
        Assert.Equal(("mdm/v1/acme/order/dn/checkin", 0), (answer.Topic, answer.QoS));
        Assert.StartsWith("""{"rid":"r1","lifecycle":"Active","compliance":"compliant","access":"allow",""", answer.Payload(version));
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_the_twin_has_answered()
    {
        var stored = new TaskCompletionSource<Outcome<Verdict>>();
        _host.Twins["acme:durable"].OnCheckIn = _ => stored.Task;
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:durable");

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/durable/up/checkin", Payload), Packets.PingReq);
        await _host.Twins["acme:durable"].CheckIns.NextAsync();
        var first = await client.ReadAsync();
        stored.SetResult(FakeTwin.AVerdict());
        var second = await client.ReadAsync();

        Assert.Equal((0xD0, 0x40), (first.Header, second.Header));
    }

    [Fact]
    public async Task Correlation_data_is_echoed_and_the_response_topic_ignored()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:correlated");
        byte[] properties = [0x08, .. Packets.Text("elsewhere"), 0x09, .. Packets.Binary([1, 2, 3])];

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/correlated/up/checkin", Payload, properties: properties));

        await client.ReadAsync();
        var answer = await client.ReadAsync();
        Assert.Equal("mdm/v1/acme/correlated/dn/checkin", answer.Topic);
        Assert.Equal([6, 0x09, 0, 3, 1, 2, 3], answer.Body[(2 + answer.Topic.Length)..(2 + answer.Topic.Length + 7)]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_check_in_with_qos_0_gets_its_answer_and_no_acknowledgment(int version)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, version, "acme:qos0");

        await client.SendAsync(Packets.Publish(version, "mdm/v1/acme/qos0/up/checkin", Payload, qos: 0));

        Assert.Equal("mdm/v1/acme/qos0/dn/checkin", (await client.ReadAsync()).Topic);
    }

    [Fact]
    public async Task The_order_of_a_device_is_kept()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:sequence");
        var messages = Enumerable.Range(1, 16).Select(i => Packets.Publish(
            5, "mdm/v1/acme/sequence/up/checkin", Payload.Replace("r1", $"r{i}", StringComparison.Ordinal), packetId: (ushort)i));

        await client.SendAsync([.. messages]);

        for (var i = 1; i <= 16; i++)
        {
            Assert.Equal(i, (await client.ReadAsync()).PacketId);
            Assert.StartsWith($$"""{"rid":"r{{i}}",""", (await client.ReadAsync()).Payload(5));
        }
    }

    [Fact]
    public async Task A_topic_alias_stands_for_the_topic_it_was_set_to()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:alias");
        byte[] alias = [0x23, 0, 8];

        await client.SendAsync(
            Packets.Publish(5, "mdm/v1/acme/alias/up/checkin", Payload, properties: alias),
            Packets.Publish(5, "", Payload, packetId: 2, properties: alias));

        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal(i, (await client.ReadAsync()).PacketId);
            Assert.Equal("mdm/v1/acme/alias/dn/checkin", (await client.ReadAsync()).Topic);
        }
    }

    [Fact]
    public async Task The_largest_packet_there_may_be_is_taken()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:large");
        const string Topic = "mdm/v1/acme/large/up/checkin";
        var padding = 65_536 - 4 - 2 - Topic.Length - 2 - 1 - Payload.Length - ",\"x\":\"\"".Length;
        var payload = Payload.Insert(Payload.Length - 1, $",\"x\":\"{new string('x', padding)}\"");
        var packet = Packets.Publish(5, Topic, payload);

        await client.SendAsync(packet);

        Assert.Equal(65_536, packet.Length);
        Assert.Equal(0x40, (await client.ReadAsync()).Header);
    }

    [Fact]
    public async Task A_packet_that_comes_byte_by_byte_is_a_packet()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:slow");

        foreach (var one in Packets.Publish(5, "mdm/v1/acme/slow/up/checkin", Payload))
        {
            await client.SendAsync([one]);
        }

        Assert.Equal(0x40, (await client.ReadAsync()).Header);
    }
}
