using System.Diagnostics;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Integration.Tests.Delivery;

public sealed class PushTests(DeliveryFixture server) : IClassFixture<DeliveryFixture>
{
    [Fact]
    public async Task A_connected_device_gets_a_command_without_asking_and_its_acknowledgment_makes_it_sent()
    {
        var device = await server.ADeviceAsync();
        await using var client = await device.ConnectAsync();

        var command = await device.QueueAsync();
        var delivery = await client.ReadAsync();
        var before = await server.Admin.GetAsync(command);
        await client.SendAsync(Packets.PubAck(delivery.PublishId));
        var sent = await device.BecomesAsync(command, "sent");

        Assert.Equal(($"{device.Topics}/dn/command/{TestDevice.IdOf(command)}", 1), (delivery.Topic, delivery.QoS));
        Assert.Equal(("queued", 0L, 1L), (before.Text("status"), before.Number("attempts"), sent.Number("attempts")));
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_at_the_next_connect_and_at_the_next_check_in()
    {
        var device = await server.ADeviceAsync();
        var first = await device.ConnectAsync();
        var command = await device.QueueAsync();
        var lost = await first.ReadAsync();
        await first.DisposeAsync();

        await using var second = await device.ConnectAsync();
        var again = await second.ReadAsync();
        await second.SendAsync(Packets.Publish(5, $"{device.Topics}/up/checkin", Posture, packetId: 3));
        await second.ReadAsync(); // PUBACK
        var verdict = await second.ReadAsync();

        Assert.Equal(lost.Topic, again.Topic);
        Assert.Equal($"{device.Topics}/dn/checkin", verdict.Topic);
        Assert.Contains(TestDevice.IdOf(command), System.Text.Encoding.UTF8.GetString(verdict.Body), StringComparison.Ordinal);
        Assert.Equal("queued", (await server.Admin.GetAsync(command)).Text("status"));
    }

    [Fact]
    public async Task A_command_goes_to_the_newest_connection_and_to_no_other()
    {
        var device = await server.ADeviceAsync();
        await using var older = await device.ConnectAsync();
        await using var newer = await device.ConnectAsync();

        await device.QueueAsync();

        Assert.Equal(0x32, (await newer.ReadAsync()).Header);
        Assert.Equal((0xE0, 0x8E), (await older.ReadAsync()) is var end ? (end.Header, end.Body[0]) : default);
    }

    [Fact]
    public async Task A_twin_that_was_moved_finds_the_connection_of_its_device()
    {
        var device = await server.ADeviceAsync();
        await using var client = await device.ConnectAsync();
        await ForgetTwinsAsync();

        var command = await device.QueueAsync();

        Assert.EndsWith(TestDevice.IdOf(command), (await client.ReadAsync()).Topic, StringComparison.Ordinal);
        Assert.True((await server.Admin.GetAsync(device.Path)).Json.GetProperty("connected").GetBoolean());
    }

    [Fact]
    public async Task A_twin_that_was_moved_closes_the_connection_whose_credential_does_not_count_any_more()
    {
        var device = await server.ADeviceAsync();
        await using var client = await device.ConnectAsync();
        await ForgetTwinsAsync();

        Assert.Equal(201, (await server.Admin.PostAsync($"{device.Path}/token")).Status);

        Assert.Equal((0xE0, 0x87), (await client.ReadAsync()) is var end ? (end.Header, end.Body[0]) : default);
    }

    [Fact]
    public async Task No_more_is_on_its_way_than_the_device_takes_at_a_time()
    {
        var device = await server.ADeviceAsync();
        await using var client = await device.ConnectAsync(properties: [0x21, 0, 1]);
        var first = await device.QueueAsync();
        var second = await device.QueueAsync();

        var delivered = await client.ReadAsync();
        await client.SendAsync(Packets.PingReq);
        var ping = await client.ReadAsync();
        await client.SendAsync(Packets.PubAck(delivered.PublishId));
        var next = await client.ReadAsync();

        Assert.EndsWith(TestDevice.IdOf(first), delivered.Topic, StringComparison.Ordinal);
        Assert.Equal(0xD0, ping.Header);
        Assert.EndsWith(TestDevice.IdOf(second), next.Topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retired_device_is_let_in_for_its_last_command_and_sent_away_when_it_has_reported()
    {
        var device = await server.ADeviceAsync();
        Assert.Equal(200, (await server.Admin.PostAsync($"{device.Path}/transitions", """{ "to": "Retired", "reason": "disposed" }""")).Status);
        await using var client = await device.ConnectAsync();
        var last = await client.ReadAsync();
        var command = $"{device.Path}/commands/{last.Topic[(last.Topic.LastIndexOf('/') + 1)..]}";

        await device.ReportAsync(client, command, "received");
        await client.ReadAsync(); // PUBACK
        await using var again = await device.ConnectAsync(); // it has the command, and still has to say what became of it
        await device.ReportAsync(again, command, "succeeded");

        var codes = new List<(int, int)>();
        while (await again.TryReadAsync() is { } packet)
        {
            codes.Add((packet.Header, packet.Body[0]));
        }

        Assert.Contains((0xE0, 0x98), codes);
        Assert.Equal("succeeded", (await server.Admin.GetAsync(command)).Text("status"));
        await using var banned = await WireClient.OpenAsync(server.Port);
        await banned.SendAsync(Packets.Connect(5, device.ClientId, password: device.Token));
        Assert.Equal(0x8A, (await banned.ReadAsync()).Body[1]);
    }

    [Fact]
    public async Task Mosquitto_gets_a_command_while_it_listens()
    {
        var device = await server.ADeviceAsync();
        using var mosquitto = Process.Start(new ProcessStartInfo(
            "/usr/bin/mosquitto_sub",
            [
                "-p", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-i", device.ClientId, "-u", device.ClientId,
                "-P", device.Token, "-V", "5", "-q", "1", "-t", $"{device.Topics}/dn/command/#", "-C", "1", "-W", "60",
            ])
        { RedirectStandardOutput = true })!; // no shell
        await Eventually.TrueAsync(
            async () => (await server.Admin.GetAsync(device.Path)).Json.GetProperty("connected").GetBoolean(),
            "mosquitto connects",
            TimeSpan.FromSeconds(60));

        var command = await device.QueueAsync("""{ "kind": "message", "parameters": { "text": "hello" } }""");

        Assert.Contains("hello", await mosquitto.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await device.BecomesAsync(command, "sent");
    }

    private const string Posture = """{ "platform": "android", "osVersion": "16.5", "encryptionStatus": "encrypted" }""";

    /// <summary>Every twin leaves memory, as when its silo goes away.</summary>
    private Task ForgetTwinsAsync() =>
        server.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
}
