using System.Buffers;
using System.Text;
using System.Text.Json;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Commands;
using MQTTnet.Protocol;

namespace MdmOrleans.Integration.Tests.Agents;

public sealed class CheckInTests : IDisposable
{
    private readonly ScriptedTwin _twin = new();
    private readonly WatchedTime _time = new(AnAnswer.ServerTime);

    public void Dispose() => _twin.Dispose();

    [Fact]
    public async Task The_first_check_in_tells_everything_at_once()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        using var connection = await _twin.AcceptAndGreetAsync();

        var (packet, message) = await connection.ReceiveCheckInAsync();

        Assert.Equal("mdm/v1/acme/tablet-7/up/checkin", packet.Topic);
        Assert.Equal(MqttQualityOfServiceLevel.AtLeastOnce, packet.QualityOfServiceLevel);
        Assert.Equal(message.Rid, Encoding.UTF8.GetString(packet.CorrelationData));
        Assert.Equal((1L, AnAnswer.ServerTime), (message.Seq, message.At));
        Assert.NotEmpty(message.Boot!);
        Assert.Equal([new InstalledApp("bash", "5.2")], message.Apps!);
    }

    [Fact]
    public async Task The_next_check_in_comes_when_the_answer_said_and_with_the_next_seq()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        using var connection = await _twin.AcceptAndGreetAsync();
        var first = await connection.AnswerCheckInAsync(nextCheckInSeconds: 873);
        await device.Answers.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon();

        _time.Advance(TimeSpan.FromSeconds(873));

        var second = (await connection.ReceiveCheckInAsync()).Message;
        Assert.Equal((first.Boot, 2L), (second.Boot, second.Seq));
        Assert.NotEqual(first.Rid, second.Rid);
    }

    [Fact]
    public async Task What_the_server_has_already_is_left_out()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync();
        device.Posture = device.Posture with { Attributes = JsonElement.Parse("""{ "kernel": "6.2" }""") };

        await connection.PublishAsync("dn/control", """{ "action": "checkIn" }""");

        var second = (await connection.ReceiveCheckInAsync()).Message;
        Assert.Null(second.Apps);
        Assert.Equal("6.2", second.Attributes!.Value.GetProperty("kernel").GetString());
    }

    [Fact]
    public async Task Collecting_the_inventory_leaves_nothing_out()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        using var connection = await _twin.AcceptAndGreetAsync();
        await connection.AnswerCheckInAsync(commands: new DeliveredCommand("c1", CommandKindNames.CollectInventory, JsonElement.Parse("{}")));

        var second = await connection.AnswerCheckInAsync();

        Assert.NotNull(second.Apps);
        Assert.NotNull(second.Attributes);
        Assert.Equal(ReportStatusNames.Succeeded, (await connection.ReceiveFinalReportAsync()).Status);
        Assert.Empty(device.Ran);
    }

    [Fact]
    public async Task A_check_in_that_was_not_acknowledged_goes_out_unchanged_over_the_next_connection()
    {
        await using var device = new ADevice(_twin.Endpoint);
        ReadOnlySequence<byte> first;
        using (var lost = await _twin.AcceptAndGreetAsync())
        {
            first = (await lost.ReceiveCheckInAsync()).Packet.Payload;
            device.Posture = device.Posture with { OsVersion = "13" };
        }

        using var again = await _twin.AcceptAndGreetAsync();

        Assert.Equal(first.ToArray(), (await again.ReceiveCheckInAsync()).Packet.Payload.ToArray());
    }

    [Fact]
    public async Task A_check_in_that_could_not_be_stored_is_sent_again_with_the_same_seq()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using var connection = await _twin.AcceptAndGreetAsync();
        var (refused, message) = await connection.ReceiveCheckInAsync();

        await connection.AcknowledgeAsync(refused, MqttPubAckReasonCode.UnspecifiedError);

        var again = (await connection.ReceiveCheckInAsync()).Message;
        Assert.Equal((message.Boot, message.Seq, message.Rid), (again.Boot, again.Seq, again.Rid));
    }

    [Fact]
    public async Task A_check_in_without_its_verdict_is_asked_for_again_with_the_same_seq()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        using var connection = await _twin.AcceptAndGreetAsync();
        var (packet, _) = await connection.ReceiveCheckInAsync();
        await connection.AcknowledgeAsync(packet);

        await _time.TimerSetAsync(TimeSpan.FromSeconds(20)); // for the PUBACK
        await _time.TimerSetAsync(TimeSpan.FromSeconds(20)); // for the verdict
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(1, (await connection.ReceiveCheckInAsync()).Message.Seq);
    }

    [Fact]
    public async Task A_check_in_that_is_refused_for_good_is_not_sent_again()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        using var connection = await _twin.AcceptAndGreetAsync();
        var (refused, _) = await connection.ReceiveCheckInAsync();

        await connection.AcknowledgeAsync(refused, MqttPubAckReasonCode.PayloadFormatInvalid);
        Assert.Equal("0x99", await device.Refusals.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon());
        await connection.PublishAsync("dn/control", """{ "action": "checkIn" }""");

        Assert.Equal(2, (await connection.ReceiveCheckInAsync()).Message.Seq);
    }

    [Fact]
    public async Task A_refusal_of_a_3_1_1_publish_is_heard_from_the_error_topic()
    {
        await using var device = new ADevice(_twin.Endpoint, _time, mqtt311: true);
        using var connection = await _twin.AcceptAndGreetAsync();
        var (packet, message) = await connection.ReceiveCheckInAsync();

        await connection.AcknowledgeAsync(packet);
        await connection.PublishAsync(
            "dn/error", $$"""{ "type": "urn:mdm:problem:x", "title": "x", "code": "posture_invalid", "topic": "{{packet.Topic}}", "rid": "{{message.Rid}}" }""");
        Assert.Equal("posture_invalid", await device.Refusals.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon());
        await connection.PublishAsync("dn/control", """{ "action": "checkIn" }""");

        Assert.Equal(2, (await connection.ReceiveCheckInAsync()).Message.Seq);
    }

    [Fact]
    public async Task Reconnecting_is_no_reason_to_check_in_before_it_is_due()
    {
        await using var device = new ADevice(_twin.Endpoint);
        using (var first = await _twin.AcceptAndGreetAsync())
        {
            await first.AnswerCheckInAsync();
            await device.Answers.Reader.ReadAsync(TestContext.Current.CancellationToken).Soon();
        }

        using var again = await _twin.AcceptAndGreetAsync();
        await again.PublishAsync("dn/command/c1", """{ "id": "c1", "kind": "message", "parameters": {} }""");

        await again.ReceiveReportAsync(); // and not a check-in
    }

    [Fact]
    public async Task A_posture_that_does_not_fit_into_a_packet_goes_without_its_apps()
    {
        await using var device = new ADevice(_twin.Endpoint, _time);
        device.Posture = device.Posture with { Apps = [.. Enumerable.Range(0, 3000).Select(n => new InstalledApp($"package-{n}", "1.0.0-1"))] };
        using var connection = await _twin.AcceptAndGreetAsync();

        var message = (await connection.ReceiveCheckInAsync()).Message;

        Assert.Null(message.Apps);
        Assert.Equal("12", message.OsVersion);
    }
}
