using System.Text.Json;
using MdmOrleans.Api.Problems;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class PublishTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string ACommandId = "0193a5f0-0000-7000-8000-000000000001";

    private readonly GatewayHost _host = fixture.Host;

    [Theory]
    [InlineData("mdm/v1/acme/other/up/checkin", "{}", 0x87)]
    [InlineData("mdm/v1/globex/refused/up/checkin", "{}", 0x87)]
    [InlineData("mdm/v1/acme/refused2/up/checkin", "{}", 0x87)]
    [InlineData("elsewhere", "{}", 0x87)]
    [InlineData("mdm/v1/acme/refused", "{}", 0x87)]
    [InlineData("mdm/v1/acme/refused/dn/checkin", "{}", 0x87)]
    [InlineData("mdm/v1/acme/refused/up/nonsense", "{}", 0x90)]
    [InlineData("mdm/v1/acme/refused/up/checkin/more", "{}", 0x90)]
    [InlineData("mdm/v1/acme/refused/up/will", "{}", 0x90)]
    [InlineData("mdm/v1/acme/refused/up/event/Upper", "{}", 0x90)]
    [InlineData("mdm/v1/acme/refused/up/event/", "{}", 0x90)]
    [InlineData("mdm/v1/acme/refused/up/command/not-an-id", """{"status":"received"}""", 0x90)]
    [InlineData("mdm/v1/acme/refused/up/command/not-an-id", """{"status":"done"}""", 0x99)]
    [InlineData("mdm/v1/acme/refused/up/command/" + ACommandId, """{"status":"succeeded","result":[]}""", 0x99)]
    [InlineData("mdm/v1/acme/refused/up/command/" + ACommandId, """{"code":"x"}""", 0x99)]
    [InlineData("mdm/v1/acme/refused/up/event/battery", "[]", 0x99)]
    [InlineData("mdm/v1/acme/refused/up/checkin", "not json", 0x99)]
    [InlineData("mdm/v1/acme/refused/up/checkin", """{"rid":"r9","platform":"vax"}""", 0x99)]
    public async Task A_message_that_is_refused_gets_the_code_of_the_table(string topic, string payload, int code)
    {
        var version5 = await PublishAsync(5, "acme:refused", topic, payload);
        var version311 = await PublishAsync(4, "acme:refused", topic, payload);

        Assert.Equal(code, version5[0].Body[2]);
        Assert.Contains("code"u8.ToArray(), Windows(version5[0].Body, 4));
        Assert.Equal([0, 1], version311[0].Body);
        var error = JsonDocument.Parse(version311[1].Payload(4)).RootElement;
        Assert.Equal("mdm/v1/acme/refused/dn/error", version311[1].Topic);
        Assert.Equal(topic, error.GetProperty("topic").GetString());
        Assert.NotEmpty(error.GetProperty("code").GetString()!);
        Assert.Equal(payload.Contains("r9", StringComparison.Ordinal), error.TryGetProperty("rid", out _));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_refusal_of_qos_0_is_told_on_dn_error(int version)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, version, "acme:qos0");

        await client.SendAsync(Packets.Publish(version, "mdm/v1/acme/other/up/checkin", "{}", qos: 0));

        var error = await client.ReadAsync();
        Assert.Equal(("mdm/v1/acme/qos0/dn/error", 0), (error.Topic, error.QoS));
        Assert.Contains("\"code\":\"topic_forbidden\"", error.Payload(version), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mdm/v1/acme/titled/up/nonsense", "{}", "topic_unknown")]
    [InlineData("mdm/v1/acme/titled/up/event/x", "[]", "payload_malformed")]
    public async Task A_refusal_has_the_title_on_dn_error_that_it_has_over_http(string topic, string payload, string code)
    {
        var answers = await PublishAsync(4, "acme:titled", topic, payload);

        var error = JsonDocument.Parse(answers[1].Payload(4)).RootElement;
        var overHttp = new Problem(ProblemKind.Invalid, code, "Any.").ToDocument();
        Assert.Equal((code, overHttp.Title), (error.GetProperty("code").GetString(), error.GetProperty("title").GetString()));
        Assert.EndsWith(".", overHttp.Title, StringComparison.Ordinal);
        Assert.DoesNotContain('_', overHttp.Title);
    }

    [Theory]
    [InlineData("""{"status":"received"}""")]
    [InlineData("""{"status":"notNow","code":"busy","detail":"Later.","result":{"a":[1]},"unknown":1}""")]
    public async Task A_report_reaches_the_twin_and_is_acknowledged(string payload)
    {
        var answers = await PublishAsync(5, "acme:reports", "mdm/v1/acme/reports/up/command/" + ACommandId, payload);

        var report = await _host.Twins["acme:reports"].Reports.NextAsync();
        Assert.Equal([0, 1], answers[0].Body);
        Assert.Equal(Guid.Parse(ACommandId), report.Id);
    }

    [Fact]
    public async Task A_command_that_the_device_does_not_have_is_0x90()
    {
        _host.Twins["acme:stranger"].OnReport = _ => Task.FromResult<Problem?>(ProblemCatalog.CommandNotFound);

        var answers = await PublishAsync(5, "acme:stranger", "mdm/v1/acme/stranger/up/command/" + ACommandId, """{"status":"failed"}""");

        Assert.Equal(0x90, answers[0].Body[2]);
    }

    [Fact]
    public async Task An_event_reaches_the_twin_as_it_is()
    {
        await PublishAsync(5, "acme:events", "mdm/v1/acme/events/up/event/batteryLow", """{ "level": 7 }""");

        Assert.Equal(("batteryLow", """{ "level": 7 }"""), await _host.Twins["acme:events"].Events.NextAsync());
    }

    [Fact]
    public async Task An_event_of_more_than_8_kib_is_refused()
    {
        var answers = await PublishAsync(5, "acme:events2", "mdm/v1/acme/events2/up/event/x", $$"""{"a":"{{new string('x', 8192)}}"}""");

        Assert.Equal(0x99, answers[0].Body[2]);
    }

    [Theory]
    [InlineData(1, 1, 0x9A)]
    [InlineData(2, 0, 0x9B)]
    public async Task Retain_and_qos_2_end_the_connection(int qos, byte flags, int code)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:unsupported");
        await using var old = await WireClient.ConnectAsync(_host.Port, 4, "acme:unsupported4");

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/unsupported/up/checkin", "{}", qos: qos, flags: flags));
        await old.SendAsync(Packets.Publish(4, "mdm/v1/acme/unsupported4/up/checkin", "{}", qos: qos, flags: flags));

        Assert.Equal((0xE0, code), await client.ReadDisconnectAsync());
        await client.ExpectClosedAsync();
        await old.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(new byte[] { 0x32, 4, 0, 1, 65, 0 }, 0x81)] // cut
    [InlineData(new byte[] { 0x36, 6, 0, 1, 65, 0, 1, 0 }, 0x81)] // QoS 3
    [InlineData(new byte[] { 0x38, 4, 0, 1, 65, 0 }, 0x81)] // DUP without QoS
    [InlineData(new byte[] { 0x30, 4, 0, 1, 0xFF, 0 }, 0x81)] // topic is not UTF-8
    [InlineData(new byte[] { 0x30, 4, 0, 1, (byte)'#', 0 }, 0x81)]
    [InlineData(new byte[] { 0xC0, 1, 0 }, 0x81)] // PINGREQ with a body
    [InlineData(new byte[] { 0xC1, 0 }, 0x81)]
    [InlineData(new byte[] { 0xC0, 0x80, 0 }, 0x81)] // padded length
    [InlineData(new byte[] { 0x30, 3, 0, 0, 0 }, 0x82)] // neither topic nor alias
    [InlineData(new byte[] { 0x30, 6, 0, 0, 3, 0x23, 0, 1 }, 0x82)] // an alias that was never set
    [InlineData(new byte[] { 0x30, 7, 0, 1, 65, 3, 0x23, 0, 0 }, 0x94)]
    [InlineData(new byte[] { 0x30, 7, 0, 1, 65, 3, 0x23, 0, 9 }, 0x94)]
    [InlineData(new byte[] { 0x30, 0x80, 0x80, 0x04 }, 0x95)] // 65540 bytes in all
    [InlineData(new byte[] { 0x20, 2, 0, 0 }, 0x82)] // CONNACK from a client
    [InlineData(new byte[] { 0x50, 2, 0, 1 }, 0x82)] // PUBREC
    [InlineData(new byte[] { 0xF0, 0 }, 0x82)] // AUTH
    [InlineData(new byte[] { 0x40, 2, 0, 0 }, 0x82)] // PUBACK of id 0
    [InlineData(new byte[] { 0x40, 3, 0, 1, 0x01 }, 0x81)] // reason codes that PUBACK does not have
    [InlineData(new byte[] { 0x40, 3, 0, 1, 0x81 }, 0x81)]
    [InlineData(new byte[] { 0xE0, 1, 0x01 }, 0x81)] // reason codes that DISCONNECT does not have
    [InlineData(new byte[] { 0xE0, 1, 0x84 }, 0x81)]
    [InlineData(new byte[] { 0xE0, 1, 0xFF }, 0x81)]
    [InlineData(new byte[] { 0xE0, 1, 0x8E }, 0x82)] // one that only a server sends
    [InlineData(new byte[] { 0xC0, 0x80, 0x80, 0x80, 0x80, 0x00 }, 0x81)] // a length of five bytes
    [InlineData(new byte[] { 0x40, 0x82, 0x80, 0x00, 0, 1 }, 0x81)] // a padded length
    [InlineData(new byte[] { 0xE0, 7, 0, 5, 0x11, 0, 0, 0, 9 }, 0x82)] // an expiry that CONNECT did not ask for
    public async Task What_breaks_the_protocol_ends_the_connection_with_its_code(byte[] bytes, int code)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:broken");
        await using var old = await WireClient.ConnectAsync(_host.Port, 4, "acme:broken4");

        await client.SendAsync(bytes);

        Assert.Equal((0xE0, code), await client.ReadDisconnectAsync());
        await client.ExpectClosedAsync();
        await old.SendAsync(Packets.PingReq);
        Assert.Equal(0xD0, (await old.ReadAsync()).Header);
    }

    [Fact]
    public async Task The_tenth_wrong_topic_in_a_minute_ends_the_connection()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:prober");

        for (ushort i = 1; i <= 10; i++)
        {
            await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/other/up/checkin", "{}", packetId: i));
            Assert.Equal((0x40, 0x87), ((await client.ReadAsync()) is var ack ? ack.Header : 0, ack.Body[2]));
        }

        Assert.Equal((0xE0, 0x87), await client.ReadDisconnectAsync());
    }

    [Fact]
    public async Task Storage_that_is_away_is_0x80_with_words_and_311_is_closed()
    {
        _host.Twins["acme:away"].OnCheckIn = _ => Task.FromResult<Outcome<Verdict>>(ProblemCatalog.Unavailable);
        await using var old = await WireClient.ConnectAsync(_host.Port, 4, "acme:away");

        await old.SendAsync(Packets.Publish(4, "mdm/v1/acme/away/up/checkin", CheckInTests.Payload));
        var answers = await PublishAsync(5, "acme:away", "mdm/v1/acme/away/up/checkin", CheckInTests.Payload);

        Assert.Equal("mdm/v1/acme/away/dn/error", (await old.ReadAsync()).Topic);
        await old.ExpectClosedAsync();
        Assert.Equal(0x80, answers[0].Body[2]);
        Assert.Equal(0x1F, answers[0].Body[4]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_event_above_the_budget_is_refused_for_good_and_the_connection_goes_on(int version)
    {
        _host.Twins["acme:chatty"].OnEvent = () => Task.FromResult<Problem?>(ProblemCatalog.EventsOverBudget);
        await using var client = await WireClient.ConnectAsync(_host.Port, version, "acme:chatty");

        await client.SendAsync(Packets.Publish(version, "mdm/v1/acme/chatty/up/event/x", "{}"));
        var ack = await client.ReadAsync();

        if (version == 5)
        {
            Assert.Equal(0x97, ack.Body[2]);
            Assert.Equal(ProblemCatalog.EventsOverBudget.Detail, ack.ReasonString);
        }
        else
        {
            Assert.Equal([0, 1], ack.Body); // or it would be sent again all day
            Assert.Contains("events_over_budget", (await client.ReadAsync()).Payload(4), StringComparison.Ordinal);
        }

        await client.SendAsync(Packets.PingReq);
        await client.ExpectAsync(0xD0);
    }

    [Fact]
    public async Task A_client_that_is_to_be_cut_off_is_cut_off_while_storage_is_away()
    {
        var first = new TaskCompletionSource<Outcome<Verdict>>();
        _host.Twins["acme:probing"].OnCheckIn = _ => first.Task;
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:probing");
        await client.SendAsync(
        [
            Packets.Publish(5, "mdm/v1/acme/probing/up/checkin", CheckInTests.Payload, packetId: 100),
            .. Enumerable.Range(1, 10).Select(i => Packets.Publish(5, "mdm/v1/acme/other/up/checkin", "{}", packetId: (ushort)i)),
            Packets.PingReq,
        ]);
        Assert.Equal(0xD0, (await client.ReadAsync()).Header); // all of them were read, and the tenth wrong topic waits with the others

        first.SetException(new TimeoutException());

        for (var i = 0; i < 11; i++)
        {
            await client.ExpectAsync(0x40);
        }

        Assert.Equal((0xE0, 0x87), await client.ReadDisconnectAsync());
    }

    [Fact]
    public async Task One_call_that_fails_fails_what_waits_behind_it()
    {
        var first = new TaskCompletionSource<Outcome<Verdict>>();
        _host.Twins["acme:behind"].OnCheckIn = _ => first.Task;
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:behind");
        await client.SendAsync([.. Enumerable.Range(1, 5).Select(i =>
            Packets.Publish(5, "mdm/v1/acme/behind/up/checkin", CheckInTests.Payload, packetId: (ushort)i)), Packets.PingReq]);
        Assert.Equal(0xD0, (await client.ReadAsync()).Header); // all of them were read

        first.SetException(new TimeoutException());

        for (var i = 1; i <= 5; i++)
        {
            var ack = await client.ReadAsync();
            Assert.Equal((i, 0x80), (ack.PacketId, ack.Body[2]));
        }

        Assert.Equal(1, _host.Twins["acme:behind"].CheckIns.Count);
    }

    [Fact]
    public async Task Who_wants_no_problem_information_gets_none()
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:terse", properties: [0x17, 0]);

        await client.SendAsync(Packets.Publish(5, "elsewhere", "{}"));

        Assert.Equal([0, 1, 0x87, 0], (await client.ReadAsync()).Body);
    }

    private async Task<Received[]> PublishAsync(int version, string clientId, string topic, string payload)
    {
        await using var client = await WireClient.ConnectAsync(_host.Port, version, clientId);
        await client.SendAsync(Packets.Publish(version, topic, payload), Packets.PingReq);
        List<Received> answers = [];
        while ((await client.ReadAsync()) is { Header: not 0xD0 } answer)
        {
            answers.Add(answer);
        }

        return [.. answers];
    }

    private static IEnumerable<byte[]> Windows(byte[] bytes, int size) =>
        Enumerable.Range(0, Math.Max(0, bytes.Length - size + 1)).Select(at => bytes[at..(at + size)]);
}
