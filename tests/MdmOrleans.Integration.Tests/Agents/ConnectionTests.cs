using System.Text;
using MdmOrleans.Agent.Sdk;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class ConnectionTests : IDisposable
{
    private readonly ScriptedTwin _twin = new();

    public void Dispose() => _twin.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_device_says_who_it_is_and_leaves_a_will(bool mqtt311)
    {
        await using var device = new ADevice(_twin.Endpoint, mqtt311: mqtt311);

        using var connection = await _twin.AcceptAsync();

        var connect = connection.Connect;
        Assert.Equal(("acme:tablet-7", "acme:tablet-7"), (connect.ClientId, connect.Username));
        Assert.Equal("s3cret", Encoding.UTF8.GetString(connect.Password));
        Assert.Equal(("mdm/v1/acme/tablet-7/up/will", MqttQualityOfServiceLevel.AtLeastOnce, false), (connect.WillTopic, connect.WillQoS, connect.WillRetain));
        Assert.True(connect.CleanSession);
        Assert.Equal(240, connect.KeepAlivePeriod);
    }

    [Theory]
    [InlineData(MqttConnectReasonCode.BadUserNameOrPassword)]
    [InlineData(MqttConnectReasonCode.NotAuthorized)]
    [InlineData(MqttConnectReasonCode.Banned)]
    [InlineData(MqttConnectReasonCode.ClientIdentifierNotValid)]
    [InlineData(MqttConnectReasonCode.UnsupportedProtocolVersion)]
    public async Task A_device_that_is_not_wanted_stops(MqttConnectReasonCode code)
    {
        await using var device = new ADevice(_twin.Endpoint);

        using var connection = await _twin.AcceptAsync();
        await connection.SendAsync(new MqttConnAckPacket { ReasonCode = code, ReasonString = "because" });

        var end = await device.Ended.Soon();
        Assert.Equal((DeviceClientEndKind.Refused, (int?)code), (end.Kind, end.ReasonCode));
        Assert.EndsWith("(because)", end.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", end.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword, 0x86)]
    [InlineData(MqttConnectReturnCode.ConnectionRefusedNotAuthorized, 0x87)]
    [InlineData(MqttConnectReturnCode.ConnectionRefusedIdentifierRejected, 0x85)]
    public async Task A_device_that_is_not_wanted_stops_in_3_1_1_too(MqttConnectReturnCode code, int meaning)
    {
        await using var device = new ADevice(_twin.Endpoint, mqtt311: true);

        using var connection = await _twin.AcceptAsync();
        await connection.SendAsync(new MqttConnAckPacket { ReturnCode = code });

        var end = await device.Ended.Soon();
        Assert.Equal((DeviceClientEndKind.Refused, meaning), (end.Kind, end.ReasonCode));
    }

    [Theory]
    [InlineData(MqttConnectReasonCode.ServerUnavailable)]
    [InlineData(MqttConnectReasonCode.ServerBusy)]
    [InlineData(MqttConnectReasonCode.UseAnotherServer)]
    public async Task A_device_that_is_turned_away_for_now_comes_back(MqttConnectReasonCode code)
    {
        await using var device = new ADevice(_twin.Endpoint);

        using var refused = await _twin.AcceptAsync();
        await refused.SendAsync(new MqttConnAckPacket { ReasonCode = code });
        using var again = await _twin.AcceptAndGreetAsync();

        Assert.Equal(1, (await again.ReceiveCheckInAsync()).Message.Seq);
    }

    [Fact]
    public async Task A_device_does_not_fight_the_session_that_took_over()
    {
        await using var device = new ADevice(_twin.Endpoint);

        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.ReceiveCheckInAsync();
        await connection.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.SessionTakenOver });

        var end = await device.Ended.Soon();
        Assert.Equal((DeviceClientEndKind.TakenOver, 0x8E), (end.Kind, end.ReasonCode));
    }

    [Theory]
    [InlineData(MqttDisconnectReasonCode.NotAuthorized)]
    [InlineData(MqttDisconnectReasonCode.AdministrativeAction)]
    public async Task A_device_whose_identity_ends_stops(MqttDisconnectReasonCode code)
    {
        await using var device = new ADevice(_twin.Endpoint);

        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync();
        await connection.SendAsync(new MqttDisconnectPacket { ReasonCode = code });

        Assert.Equal(DeviceClientEndKind.Refused, (await device.Ended.Soon()).Kind);
    }

    [Fact]
    public async Task A_device_comes_back_when_its_gateway_has_shut_down()
    {
        await using var device = new ADevice(_twin.Endpoint);

        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync();
        await connection.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown });
        using var again = await _twin.AcceptAndGreetAsync();

        Assert.Equal("0x8B", await device.Refusals.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon());
    }

    [Fact]
    public async Task A_device_pings_within_the_keep_alive_that_the_server_sets()
    {
        var time = new FakeTimeProvider(AnAnswer.ServerTime);
        await using var device = new ADevice(_twin.Endpoint, time);
        using var connection = await _twin.AcceptAsync();
        await connection.SendAsync(new MqttConnAckPacket { ServerKeepAlive = 20 });
        await connection.AnswerCheckInAsync();

        time.Advance(TimeSpan.FromSeconds(15));

        await connection.ReceiveAsync<MqttPingReqPacket>();
        await connection.SendAsync(MqttPingRespPacket.Instance);
    }

    [Fact]
    public async Task A_device_that_is_stopped_says_goodbye()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync();

        device.Stop();

        Assert.Equal(MqttDisconnectReasonCode.NormalDisconnection, (await connection.ReceiveAsync<MqttDisconnectPacket>()).ReasonCode);
        Assert.Equal(DeviceClientEndKind.Stopped, (await device.Ended).Kind);
    }

    [Fact]
    public async Task A_device_reconnects_when_it_is_asked_to()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync();

        await connection.PublishAsync("dn/control", """{ "action": "reconnect" }""");

        using var again = await _twin.AcceptAndGreetAsync();
        await connection.ReceiveAsync<MqttDisconnectPacket>();
    }

    [Theory]
    [InlineData("dn/checkin", "not json")]
    [InlineData("dn/checkin", "{}")]
    [InlineData("dn/command/1", "[]")]
    [InlineData("dn/control", """{ "action": "dance" }""")]
    [InlineData("dn/what", "{}")]
    public async Task A_message_that_makes_no_sense_harms_nothing(string channel, string payload)
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync();

        await connection.PublishAsync(channel, payload);
        await connection.PublishAsync("dn/control", """{ "action": "checkIn" }""");

        Assert.Equal(2, (await connection.ReceiveCheckInAsync()).Message.Seq);
    }
}
