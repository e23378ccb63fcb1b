using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>Whoever gets it wrong is told what, each mistake in a sentence of its own.</summary>
public sealed class ReasonStringTests : IAsyncLifetime
{
    private static readonly byte[] AWill = Packets.Will(5, "mdm/v1/acme/r/up/will", "x");

    private GatewayHost _host = null!; // set in InitializeAsync

    private static readonly (byte[] Connect, int Code, string Sentence)[] Connects =
    [
        (Connect(flags: 0x03), 0x81, "The reserved bit of the connect flags is set."),
        (Connect(flags: 0x1E, will: AWill), 0x81, "The will asks for QoS 3, which does not exist."),
        (Connect(flags: 0x0A), 0x81, "The connect flags have a will QoS and no will."),
        (Connect(flags: 0x22), 0x81, "The connect flags have will retain and no will."),
        (Connect(flags: 0x06, will: Packets.Will(5, "", "x")), 0x81, "The will topic is empty."),
        (Connect(flags: 0x06, will: Packets.Will(5, "a/#", "x")), 0x81, "The will topic contains a wildcard."),
        (Connect(flags: 0x06, will: [2, 0x01, 2, .. Packets.Text("a"), .. Packets.Text("x")]), 0x82, "Payload Format Indicator is 2; it must be 0 or 1."),
        (Connect(flags: 0x06, will: [3, 0x21, 0, 1, .. Packets.Text("a"), .. Packets.Text("x")]), 0x81, "Receive Maximum is not a property of the will."),
        (Connect(flags: 0x06, will: [4, 0x08, 0, 1, 35, .. Packets.Text("a"), .. Packets.Text("x")]), 0x82, "Response Topic contains a wildcard."),
        (Connect(flags: 0x26, will: AWill), 0x9A, "The will asks to be retained, which is not supported."),
        (Connect(flags: 0x16, will: AWill), 0x9B, "The will asks for QoS 2; QoS 0 and 1 are supported."),
        (Connect(flags: 0x06, will: Packets.Will(5, "a", "x")), 0x90, "The will topic must be mdm/v1/acme/r/up/will."),
        (Connect([0x21, 0, 0]), 0x82, "Receive Maximum is 0, which is not allowed."),
        (Connect([0x27, 0, 0, 0, 0]), 0x82, "Maximum Packet Size is 0, which is not allowed."),
        (Connect([0x21, 0, 1, 0x21, 0, 1]), 0x82, "Receive Maximum appears twice in CONNECT."),
        (Connect([0x21, 0]), 0x81, "The property block of CONNECT ends within Receive Maximum."),
        (Connect([0x11, 0, 0]), 0x81, "The property block of CONNECT ends within Session Expiry Interval."),
        (Connect([0x23, 0, 1]), 0x81, "Topic Alias is not a property of CONNECT."),
        (Connect([0x7F]), 0x81, "MQTT has no property 0x7F."),
        (Connect([0x91, 0]), 0x81, "In the property block of CONNECT, a property identifier has more bytes than it needs."),
        (Connect([0x17, 2]), 0x82, "Request Problem Information is 2; it must be 0 or 1."),
        (Connect([0x19, 9]), 0x82, "Request Response Information is 9; it must be 0 or 1."),
        (Connect([0x26, 0, 1, 0xFF, 0, 0]), 0x81, "In the property block of CONNECT, the name of a User Property is not valid UTF-8."),
        (Connect([0x26, 0, 0, 0, 1, 0]), 0x81, "In the property block of CONNECT, the value of a User Property contains U+0000."),
        (Connect([0x16, 0, 1, 65]), 0x82, "CONNECT has Authentication Data without an Authentication Method."),
        (Connect([0x15, 0, 1, 65]), 0x8C, "Extended authentication is not supported: the password is the token of the device."),
        (Raw([0, 60]), 0x81, "CONNECT ends within the property length."),
        (Raw([0, 60, 9, 0]), 0x81, "CONNECT ends within the properties."),
        (Raw([0, 60, 0x80, 0]), 0x81, "In CONNECT, the property length has more bytes than it needs."),
        (Raw([0, 60, 0x80, 0x80, 0x80, 0x80, 0]), 0x81, "In CONNECT, the property length has more than four bytes."),
        (Raw([0, 60, 0, 0, 9, 65]), 0x81, "CONNECT ends within the client id."),
        (Raw([0, 60, 0, 0, 1, 0xFF]), 0x81, "In CONNECT, the client id is not valid UTF-8."),
        (Raw([0, 60, 0, 0, 1, 0]), 0x81, "In CONNECT, the client id contains U+0000."),
        (Raw([0, 60, 0, 0, 1, 65, 0, 9]), 0x81, "CONNECT ends within the user name."),
        (Raw([0, 60, 0, 0, 1, 65, 0, 1, 65, 0, 9]), 0x81, "CONNECT ends within the password."),
        (Raw([0, 60, 0, 0, 1, 65, 0, 1, 65, 0, 1, 65, 1]), 0x81, "CONNECT has bytes after its last field."),
        (Packets.Connect(9, "acme:r"), 0x84, "CONNECT has the protocol level 9; 5 and 4 (MQTT 3.1.1) are supported."),
        (Packets.Connect(5, "acme:r", "acme:s"), 0x85, "The client id differs from the user name."),
        (Packets.Connect(5, "no name"), 0x86, "The client id and the user name must be {tenant}:{device}."),
        (Packets.Connect(5, "acme:r", password: null), 0x86, "CONNECT has no password: the password is the token of the device."),
        (Packets.Connect(5, "acme:r", password: "wrong"), 0x86, "The device does not exist, or the password is not its token."),
    ];

    private static readonly (byte[] Packet, int Code, string Sentence)[] Others =
    [
        (Packets.Connect(5, "acme:r"), 0x82, "CONNECT was sent twice."),
        ([0x20, 2, 0, 0], 0x82, "A client does not send CONNACK here."),
        ([0xF0, 0], 0x82, "A client does not send AUTH here."),
        ([0x62, 2, 0, 1], 0x82, "A client does not send PUBREL here."),
        ([0xC0, 1, 0], 0x81, "PINGREQ has a body."),
        ([0xC0, 0x80, 0], 0x81, "The Remaining Length has more bytes than it needs."),
        ([0xC0, 0x80, 0x80, 0x80, 0x80, 0], 0x81, "The Remaining Length has more than four bytes."),
        ([0x00, 0], 0x81, "The packet type 0 is reserved."),
        ([0xC1, 0], 0x81, "PINGREQ has the flags 1; they must be 0."),
        ([0x80, 7, 0, 1, 0, 0, 1, 65, 1], 0x81, "SUBSCRIBE has the flags 0; they must be 2."),
        ([0x36, 6, 0, 1, 65, 0, 1, 0], 0x81, "PUBLISH has QoS 3, which does not exist."),
        ([0x30, 0x80, 0x80, 0x04], 0x95, "The packet has 65540 bytes; at most 65536 are taken."),
        ([0x32, 4, 0, 1, 65, 0], 0x81, "PUBLISH ends within the packet id."),
        ([0x30, 4, 0, 9, 65, 0], 0x81, "PUBLISH ends within the topic."),
        ([0x38, 4, 0, 1, 65, 0], 0x81, "PUBLISH with QoS 0 has DUP set; only what is acknowledged can be sent again."),
        ([0x30, 4, 0, 1, 0xFF, 0], 0x81, "In PUBLISH, the topic is not valid UTF-8."),
        ([0x30, 4, 0, 1, 35, 0], 0x81, "The topic contains a wildcard."),
        ([0x32, 6, 0, 1, 65, 0, 0, 0], 0x82, "PUBLISH has the packet id 0."),
        ([0x30, 3, 0, 0, 0], 0x82, "PUBLISH has neither a topic nor a topic alias."),
        ([0x30, 6, 0, 1, 65, 2, 0x0B, 1], 0x82, "A client does not send a Subscription Identifier in PUBLISH."),
        ([0x30, 6, 0, 0, 3, 0x23, 0, 1], 0x82, "The topic alias 1 was never set."),
        ([0x30, 7, 0, 1, 65, 3, 0x23, 0, 0], 0x94, "The topic alias is 0."),
        ([0x30, 7, 0, 1, 65, 3, 0x23, 0, 9], 0x94, "The topic alias is 9; it may be at most 8."),
        ([0x31, 4, 0, 1, 65, 0], 0x9A, "PUBLISH asks to be retained, which is not supported."),
        ([0x34, 6, 0, 1, 65, 0, 1, 0], 0x9B, "PUBLISH has QoS 2; QoS 0 and 1 are supported."),
        ([0x40, 1, 0], 0x81, "PUBACK ends within the packet id."),
        ([0x40, 2, 0, 0], 0x82, "PUBACK has the packet id 0."),
        ([0x40, 3, 0, 1, 0x01], 0x81, "PUBACK has no reason code 0x01."),
        ([0x82, 3, 0, 1, 0], 0x82, "SUBSCRIBE has no topic filter."),
        ([0xA2, 3, 0, 1, 0], 0x82, "UNSUBSCRIBE has no topic filter."),
        ([0x82, 7, 0, 0, 0, 0, 1, 65, 1], 0x82, "SUBSCRIBE has the packet id 0."),
        ([0x82, 6, 0, 1, 0, 0, 0, 1], 0x81, "A topic filter is empty."),
        ([0x82, 8, 0, 1, 0, 0, 2, 65, 35, 1], 0x81, "A topic filter has a wildcard that is not a whole level."),
        ([0x82, 9, 0, 1, 0, 0, 3, 35, 47, 65, 1], 0x81, "A topic filter has # before its last level."),
        ([0x82, 7, 0, 1, 0, 0, 1, 65, 3], 0x82, "SUBSCRIBE asks for QoS 3, which does not exist."),
        ([0x82, 7, 0, 1, 0, 0, 1, 65, 0x30], 0x82, "SUBSCRIBE asks for retain handling 3, which does not exist."),
        ([0x82, 7, 0, 1, 0, 0, 1, 65, 0x40], 0x81, "The subscription options have a reserved bit set."),
        ([0x82, 6, 0, 1, 0, 0, 1, 65], 0x81, "SUBSCRIBE ends within the subscription options."),
        ([0x82, 9, 0, 1, 2, 0x0B, 1, 0, 1, 65, 1], 0xA1, "Subscription Identifiers are not supported."),
        ([0xE0, 1, 0x01], 0x81, "DISCONNECT has no reason code 0x01."),
        ([0xE0, 1, 0x8E], 0x82, "Only a server sends DISCONNECT with the reason code 0x8E."),
        ([0xE0, 7, 0, 5, 0x11, 0, 0, 0, 9], 0x82, "DISCONNECT sets a Session Expiry Interval although CONNECT set none."),
    ];

    public static TheoryData<int> EveryConnect => [.. Enumerable.Range(0, Connects.Length)];

    public static TheoryData<int> EveryOther => [.. Enumerable.Range(0, Others.Length)];

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(EveryConnect))]
    public async Task A_connect_that_is_refused_hears_why(int index)
    {
        var (connect, code, sentence) = Connects[index];
        await using var client = await WireClient.OpenAsync(_host.Port);

        await client.SendAsync(connect);

        var answer = await client.ReadAsync();
        Assert.Equal((0x20, code, sentence), (answer.Header, answer.Body[1], answer.ReasonString));
    }

    [Theory]
    [MemberData(nameof(EveryOther))]
    public async Task A_client_that_breaks_the_protocol_hears_how(int index)
    {
        var (packet, code, sentence) = Others[index];
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:r");

        await client.SendAsync(packet);

        var answer = await client.ReadAsync();
        Assert.Equal((0xE0, code, sentence), (answer.Header, answer.Body[0], answer.ReasonString));
    }

    [Fact]
    public void No_two_mistakes_share_a_sentence()
    {
        string[] sentences = [.. Connects.Concat(Others).Select(mistake => mistake.Sentence)];

        Assert.Equal(sentences.Distinct(), sentences);
    }

    [Fact]
    public async Task Who_wants_no_problem_information_still_hears_why_the_connection_ends()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:terse", properties: [0x17, 0]);

        await client.SendAsync(Packets.Subscribe(5, 1, ("#", 1)), [0xF0, 0]);

        Assert.Null((await client.ReadAsync()).ReasonString); // SUBACK
        Assert.NotNull((await client.ReadAsync()).ReasonString);
    }

    [Fact]
    public async Task A_reason_that_is_larger_than_the_client_takes_is_left_out()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:little", properties: [0x27, 0, 0, 0, 40]);

        await client.SendAsync([0xE0, 1, 0x8E]);

        Assert.Equal([0x82, 0], (await client.ReadAsync()).Body);
    }

    private static byte[] Connect(byte[]? properties = null, byte flags = 2, byte[]? will = null) =>
        Packets.Connect(5, "acme:r", flags: flags, properties: properties, will: will);

    /// <summary>With a user name and a password, and from the keep-alive on as it is given.</summary>
    private static byte[] Raw(byte[] rest) => Packets.Packet(0x10, [.. Packets.Text("MQTT"), 5, 0xC2, .. rest]);
}
