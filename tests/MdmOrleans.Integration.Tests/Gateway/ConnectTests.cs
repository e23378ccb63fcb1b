using System.Collections.Immutable;
using System.Diagnostics;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class ConnectTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Fact]
    public async Task The_connack_of_mqtt_5_says_every_limit()
    {
        var answer = await AskAsync(Packets.Connect(5, "acme:limits", keepAlive: 1200));

        Assert.Equal(0x20, answer!.Header);
        Assert.Equal(
        [
            0, 0, 24,
            0x11, 0, 0, 0, 0, // session expiry interval 0
            0x21, 0, 16, // receive maximum
            0x24, 1, // maximum QoS
            0x25, 0, // retain available
            0x27, 0, 1, 0, 0, // maximum packet size 65536
            0x22, 0, 8, // topic alias maximum
            0x29, 0, 0x2A, 0, // subscription identifiers, shared subscriptions
        ], answer.Body);
    }

    [Fact]
    public async Task The_connack_of_mqtt_311_is_two_bytes() =>
        Assert.Equal([0, 0], (await AskAsync(Packets.Connect(4, "acme:old")))!.Body);

    [Theory]
    [InlineData(0)]
    [InlineData(1201)]
    [InlineData(65_535)]
    public async Task A_keep_alive_of_none_or_too_much_becomes_1200(ushort keepAlive)
    {
        var answer = await AskAsync(Packets.Connect(5, "acme:alive", keepAlive: keepAlive));

        Assert.Equal([0x13, 0x04, 0xB0], answer!.Body[^3..]);
    }

    [Fact]
    public async Task An_empty_client_id_is_assigned_the_device_in_mqtt_5()
    {
        var answer = await AskAsync(Packets.Connect(5, "", "acme:assigned"));

        Assert.Equal([0x12, 0, 13, .. "acme:assigned"u8], answer!.Body[^16..]);
    }

    [Theory]
    [InlineData(4, "acme:t1", "acme:t1", "wrong", 4)] // bad credential
    [InlineData(5, "acme:t1", "acme:t1", "wrong", 0x86)]
    [InlineData(5, "nonsense", "nonsense", FakeTwin.Token, 0x86)] // unknown
    [InlineData(5, "ACME:t1", "ACME:t1", FakeTwin.Token, 0x86)]
    [InlineData(5, "acme:t1", "acme:t1", null, 0x86)]
    [InlineData(5, "acme:t1", "acme:t1", "", 0x86)]
    [InlineData(4, "acme:t1", "acme:t2", FakeTwin.Token, 2)] // another's client id or user name
    [InlineData(5, "acme:t1", "acme:t2", FakeTwin.Token, 0x85)]
    [InlineData(5, "acme:T1", "acme:t1", FakeTwin.Token, 0x85)]
    [InlineData(4, "", "acme:t1", FakeTwin.Token, 2)]
    public async Task A_name_or_credential_that_is_not_right_is_refused(int version, string clientId, string userName, string? password, int code)
    {
        var answer = await AskAsync(Packets.Connect(version, clientId, userName, password));

        Assert.Equal(code, answer!.Body[1]);
    }

    [Theory]
    [InlineData(ConnectResult.BadCredential, 4, 0x86)]
    [InlineData(ConnectResult.NotAuthorized, 5, 0x87)]
    [InlineData(ConnectResult.Banned, 5, 0x8A)]
    [InlineData(ConnectResult.Superseded, 3, 0x89)]
    public async Task What_the_twin_decides_is_told_by_the_table(ConnectResult result, int code311, int code5)
    {
        _host.Twins["acme:decided"].OnConnect = _ => Task.FromResult(new ConnectReply(result, 1, ImmutableArray<Core.Commands.DeviceCommand>.Empty));

        var old = await AskAsync(Packets.Connect(4, "acme:decided"));
        var answer = await AskAsync(Packets.Connect(5, "acme:decided"));

        Assert.Equal((code311, code5), (old!.Body[1], answer!.Body[1]));
    }

    [Fact]
    public async Task How_long_a_refusal_takes_does_not_tell_whether_the_twin_was_awake()
    {
        var startedAt = Stopwatch.GetTimestamp();

        await AskAsync(Packets.Connect(5, "acme:t1", password: "wrong")); // whoever stands in for the twin here answers at once

        Assert.True(Stopwatch.GetElapsedTime(startedAt) >= TimeSpan.FromMilliseconds(99)); // a timer may be a little early
    }

    [Fact]
    public async Task A_twin_that_cannot_be_asked_is_server_unavailable()
    {
        _host.Twins["acme:away"].OnConnect = _ => throw new TimeoutException();

        var old = await AskAsync(Packets.Connect(4, "acme:away"));
        var answer = await AskAsync(Packets.Connect(5, "acme:away"));

        Assert.Equal((3, 0x88), (old!.Body[1], answer!.Body[1]));
    }

    [Theory]
    [InlineData(3, new byte[] { 0, 1 })]
    [InlineData(0, new byte[] { 0, 1 })]
    public async Task An_older_protocol_is_refused_in_its_own_words(byte level, byte[] body) =>
        Assert.Equal(body, (await AskAsync(Packets.Connect(level, "acme:t1")))!.Body);

    [Theory]
    [InlineData(6)]
    [InlineData(255)]
    public async Task A_newer_protocol_is_refused_in_the_words_of_mqtt_5(byte level) =>
        Assert.Equal([0, 0x84], (await AskAsync(Packets.Connect(level, "acme:t1")))!.Body[..2]);

    [Theory]
    [InlineData(5, "mdm/v1/acme/willed/up/checkin", 0x04, 0x90)]
    [InlineData(5, "mdm/v1/acme/other/up/will", 0x04, 0x90)]
    [InlineData(5, "mdm/v1/acme/willed/up/will", 0x24, 0x9A)]
    [InlineData(5, "mdm/v1/acme/willed/up/will", 0x14, 0x9B)]
    [InlineData(5, "mdm/v1/acme/willed/up/will", 0x0C, 0x00)]
    [InlineData(4, "mdm/v1/acme/willed/up/will", 0x0C, 0x00)]
    [InlineData(4, "mdm/v1/acme/willed/up/checkin", 0x04, -1)]
    [InlineData(4, "mdm/v1/acme/willed/up/will", 0x24, -1)]
    public async Task A_will_goes_to_its_own_topic_unretained_with_qos_1_at_most(int version, string topic, byte flags, int code)
    {
        var answer = await AskAsync(Packets.Connect(version, "acme:willed", flags: (byte)(flags | 2), will: Packets.Will(version, topic, "x")));

        Assert.Equal(code, answer is null ? -1 : answer.Body[1]);
    }

    [Theory]
    [InlineData(new byte[] { 0x21, 0, 0 }, 0x82)] // receive maximum 0
    [InlineData(new byte[] { 0x27, 0, 0, 0, 0 }, 0x82)] // maximum packet size 0
    [InlineData(new byte[] { 0x21, 0, 1, 0x21, 0, 1 }, 0x82)]
    [InlineData(new byte[] { 0x23, 0, 1 }, 0x81)]
    [InlineData(new byte[] { 0x17, 2 }, 0x82)]
    [InlineData(new byte[] { 0x15, 0, 1, 65 }, 0x8C)] // authentication method
    [InlineData(new byte[] { 0x16, 0, 1, 65 }, 0x82)] // authentication data without a method
    public async Task Properties_of_a_connect_follow_the_rules(byte[] properties, int code) =>
        Assert.Equal(code, (await AskAsync(Packets.Connect(5, "acme:t1", properties: properties)))!.Body[1]);

    [Theory]
    [InlineData(new byte[] { 0xC0, 0 })] // PINGREQ first
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0x10, 0x81, 0x20 })] // 4097 bytes in all
    [InlineData(new byte[] { 0x10, 7, 0, 4, 77, 81, 84, 88, 5 })] // MQTX
    [InlineData(new byte[] { 0x10, 0 })]
    [InlineData(new byte[] { 0x16, 3, 1, 2, 0 })] // a TLS hello
    [InlineData(new byte[] { (byte)'G', (byte)'E', (byte)'T', (byte)' ', (byte)'/' })]
    public async Task What_is_no_connect_is_closed_without_a_word(byte[] bytes)
    {
        await using var client = await WireClient.OpenAsync(_host.Port);

        await client.SendAsync(bytes);

        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(5, 0x81)]
    [InlineData(4, 0x00)]
    public async Task A_connect_with_a_padded_length_is_malformed_in_mqtt_5(int version, int code)
    {
        var connect = Packets.Connect(version, "acme:padding");

        var answer = await AskAsync([connect[0], (byte)(connect[1] | 0x80), 0, .. connect[2..]]);

        Assert.Equal(code, answer!.Body[1]);
    }

    [Theory]
    [InlineData(29, 24)] // everything fits
    [InlineData(28, 16)] // without what a client may assume
    [InlineData(21, 16)]
    public async Task A_connack_keeps_to_the_maximum_packet_size_of_the_client(byte size, int properties)
    {
        var answer = await AskAsync(Packets.Connect(5, "acme:small", keepAlive: 1200, properties: [0x27, 0, 0, 0, size]));

        Assert.Equal((0, properties), (answer!.Body[1], answer.Body[2]));
        Assert.InRange(answer.Body.Length + 2, 0, size);
    }

    [Theory]
    [InlineData(20, FakeTwin.Token, 0x95)]
    [InlineData(5, FakeTwin.Token, 0x95)]
    [InlineData(30, "wrong", 0x86)] // its Reason String does not fit
    public async Task A_refusal_that_does_not_fit_with_its_words_comes_without_them(byte size, string password, int code)
    {
        var answer = await AskAsync(Packets.Connect(5, "acme:smaller", password: password, properties: [0x27, 0, 0, 0, size]));

        Assert.Equal([0, (byte)code, 0], answer!.Body);
    }

    [Fact]
    public async Task A_refusal_of_a_malformed_connect_keeps_to_the_size_that_it_names()
    {
        var answer = await AskAsync(Packets.Connect(5, "acme:smaller", properties: [0x27, 0, 0, 0, 9, 0x17, 2]));

        Assert.Equal([0, 0x82, 0], answer!.Body);
    }

    [Fact]
    public async Task A_client_that_takes_no_connack_at_all_gets_none_and_its_twin_is_not_asked()
    {
        Assert.Null(await AskAsync(Packets.Connect(5, "acme:smallest", properties: [0x27, 0, 0, 0, 4])));

        Assert.Equal(0, _host.Twins["acme:smallest"].Connected.Count);
    }

    [Fact]
    public async Task A_second_connect_is_a_protocol_error()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:twice");

        await client.SendAsync(Packets.Connect(5, "acme:twice"));

        Assert.Equal((0xE0, 0x82), await client.ReadDisconnectAsync());
    }

    [Fact]
    public async Task A_connect_of_exactly_4_kib_is_read()
    {
        var padding = 4096 - Packets.Connect(5, "acme:padded", properties: [0x26, .. Packets.Text("a"), .. Packets.Text("")]).Length - 2;
        var connect = Packets.Connect(5, "acme:padded", properties: [0x26, .. Packets.Text("a"), .. Packets.Text(new string('x', padding))]);

        var answer = await AskAsync(connect);

        Assert.Equal(4096, connect.Length);
        Assert.Equal(0, answer!.Body[1]);
    }

    [Fact]
    public async Task Length_bombs_allocate_nothing()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            await using var client = await WireClient.OpenAsync(_host.Port);
            await client.SendAsync([0x10, 0xFF, 0xFF, 0xFF, 0x7F]);
            await client.ExpectClosedAsync();
        }));

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 10L << 30); // other tests allocate meanwhile; believed, it would be 53 GB
    }

    private async Task<Received?> AskAsync(byte[] connect)
    {
        await using var client = await WireClient.OpenAsync(_host.Port);
        await client.SendAsync(connect);
        return await client.TryReadAsync();
    }
}
