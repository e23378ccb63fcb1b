using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Gateway.Mqtt;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>Everything that is bounded, and what happens to those who push against it.</summary>
public sealed class FlowTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly TimeSpan Stalled = TimeSpan.FromSeconds(2);

    private readonly GatewayHost _host = fixture.Host;

    [Fact]
    public async Task The_seventeenth_message_in_flight_is_too_many()
    {
        var never = new TaskCompletionSource<Outcome<Verdict>>();
        _host.Twins["acme:eager"].OnCheckIn = _ => never.Task;
        await using var client = await WireClient.ConnectAsync(_host.Port, 5, "acme:eager");

        await client.SendAsync([.. ManyCheckIns(5, "eager", 16), Packets.PingReq]);
        var ping = await client.ReadAsync();
        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/eager/up/checkin", CheckInTests.Payload, packetId: 17));

        Assert.Equal(0xD0, ping.Header);
        Assert.Equal((0xE0, 0x93), await client.ReadDisconnectAsync());
    }

    [Fact]
    public async Task An_old_client_that_knows_no_such_limit_just_waits()
    {
        var first = new TaskCompletionSource<Outcome<Verdict>>();
        _host.Twins["acme:patient"].OnCheckIn = _ => first.Task;
        await using var client = await WireClient.ConnectAsync(_host.Port, 4, "acme:patient");

        await client.SendAsync([.. ManyCheckIns(4, "patient", 40)]);
        await _host.Twins["acme:patient"].CheckIns.NextAsync();
        first.SetResult(FakeTwin.AVerdict());

        for (var i = 1; i <= 40; i++)
        {
            Assert.Equal(i, (await client.ReadAsync()).PacketId);
            Assert.Equal(0x30, (await client.ReadAsync()).Header);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task More_than_the_burst_is_over_quota(int version)
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "1"), new("Mqtt:MessageBurst", "3")]);
        await using var client = await WireClient.ConnectAsync(host.Port, version, "acme:fast");

        await client.SendAsync([.. ManyCheckIns(version, "fast", 4)]);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(2, (await client.ReadAsync()).Body.Length);
            Assert.Equal(0x30, (await client.ReadAsync()).Header);
        }

        var last = await client.ReadAsync();
        if (version == 5)
        {
            Assert.Equal((0x40, 0x97), (last.Header, last.Body[2]));
        }
        else
        {
            Assert.Equal("mdm/v1/acme/fast/dn/error", last.Topic);
            await client.ExpectClosedAsync();
        }
    }

    [Fact]
    public async Task Connecting_again_gives_no_new_burst()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "1"), new("Mqtt:MessageBurst", "3")]);
        await using (var client = await WireClient.ConnectAsync(host.Port, 5, "acme:again"))
        {
            await client.SendAsync([.. ManyCheckIns(5, "again", 3), Packets.PingReq]);
            while ((await client.ReadAsync()).Header != 0xD0)
            {
                continue;
            }
        }

        await using var next = await WireClient.ConnectAsync(host.Port, 5, "acme:again");
        await next.SendAsync([.. ManyCheckIns(5, "again", 3)]);
        List<int> codes = [];
        while (codes.Count < 3)
        {
            var packet = await next.ReadAsync();
            codes.AddRange(packet.Header != 0x40 ? [] : packet.Body.Length > 2 ? [packet.Body[2]] : [0]);
        }

        Assert.Equal(0x97, codes[^1]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Subscribe_unsubscribe_and_ping_count_as_messages(int version)
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "1"), new("Mqtt:MessageBurst", "3")]);
        await using var client = await WireClient.ConnectAsync(host.Port, version, "acme:busy");
        const string Everything = "mdm/v1/acme/busy/dn/#";

        await client.SendAsync(Packets.PingReq, Packets.Subscribe(version, 1, (Everything, 1)), Packets.Unsubscribe(version, 2, Everything));
        await client.ExpectAsync(0xD0, 0x90, 0xB0);
        await client.SendAsync(Packets.Subscribe(version, 3, (Everything, 1)), Packets.Unsubscribe(version, 4, Everything), Packets.PingReq);
        var (subscribed, unsubscribed, ping) = (await client.ReadAsync(), await client.ReadAsync(), await client.ReadAsync());

        Assert.Equal((0x90, version == 5 ? 0x97 : 0x80), (subscribed.Header, subscribed.Body[^1]));
        Assert.Equal((0xB0, version == 5 ? 0x83 : 4), (unsubscribed.Header, unsubscribed.Body[^1])); // MQTT 3.1.1: the packet id, and no more
        Assert.Equal(0xD0, ping.Header);
    }

    [Fact]
    public async Task A_thousand_pings_over_the_rate_end_the_connection()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "1"), new("Mqtt:MessageBurst", "1")]);
        await using var client = await WireClient.ConnectAsync(host.Port, 5, "acme:pinging");

        await client.SendAsync([.. Enumerable.Repeat(Packets.PingReq, 1100)]);

        var pings = 0;
        var packet = await client.ReadAsync();
        for (; packet.Header == 0xD0; packet = await client.ReadAsync())
        {
            pings++;
        }

        Assert.Equal((0xE0, 0x96), (packet.Header, packet.Body[0]));
        Assert.InRange(pings, 1001, 1050); // a second or two may have passed
    }

    [Fact]
    public async Task A_thousand_messages_over_quota_in_a_minute_end_the_connection()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "1"), new("Mqtt:MessageBurst", "1")]);
        await using var client = await WireClient.ConnectAsync(host.Port, 5, "acme:flood");
        var sending = FloodAsync(client);

        var refused = 0;
        var packet = await client.ReadAsync();
        for (; packet.Header != 0xE0; packet = await client.ReadAsync())
        {
            refused += packet.Header == 0x40 && packet.Body.Length > 2 ? 1 : 0;
        }

        await sending.ContinueWith(_ => { }, TaskScheduler.Default); // it may or may not have been cut off
        Assert.Equal((0x96, 1000), (packet.Body[0], refused));
    }

    [Fact]
    public async Task More_calls_than_may_be_in_flight_are_refused_at_once()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:CallsInFlight", "1")]);
        await using var client = await WireClient.ConnectAsync(host.Port, 5, "acme:second");
        var never = new TaskCompletionSource<Outcome<Verdict>>();
        host.Twins["acme:first"].OnCheckIn = _ => never.Task;
        await using var first = await WireClient.ConnectAsync(host.Port, 5, "acme:first");
        await first.SendAsync([.. ManyCheckIns(5, "first", 1)]);
        await host.Twins["acme:first"].CheckIns.NextAsync();

        await client.SendAsync([.. ManyCheckIns(5, "second", 1)]);
        var ack = await client.ReadAsync();
        await using var third = await WireClient.OpenAsync(host.Port);
        await third.SendAsync(Packets.Connect(5, "acme:third"));

        Assert.Equal((0x40, 0x80), (ack.Header, ack.Body[2]));
        Assert.Equal(0x89, (await third.ReadAsync()).Body[1]);
    }

    [Fact]
    public async Task A_client_that_never_reads_stops_being_read()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "100000"), new("Mqtt:MessageBurst", "1000000")]);
        await using var client = await ConnectDeafAsync(host, "acme:deaf");

        var sent = await SendUntilStalledAsync(client, "deaf");
        var more = await SendUntilStalledAsync(client, "deaf");

        Assert.InRange(sent, 1, 64 * 1024 * 1024); // what the kernel buffers, and no more
        Assert.InRange(more, 0, 1024 * 1024);
    }

    [Fact]
    public async Task A_client_that_never_reads_holds_up_neither_its_own_takeover_nor_anybody_else()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:MessagesPerSecond", "100000"), new("Mqtt:MessageBurst", "1000000")]);
        await using var deaf = await ConnectDeafAsync(host, "acme:deaf");
        var older = await host.FindAsync("acme:deaf");
        await SendUntilStalledAsync(deaf, "deaf");

        older.Close(ReasonCode.SessionTakenOver, "test"); // what the twin asks for when the device connects again
        await using var again = await WireClient.ConnectAsync(host.Port, 5, "acme:deaf").WaitAsync(Stalled, TestContext.Current.CancellationToken);
        await using var other = await WireClient.ConnectAsync(host.Port, 5, "acme:other").WaitAsync(Stalled, TestContext.Current.CancellationToken);

        Assert.NotEqual(older.Connection, (await host.FindAsync("acme:deaf")).Connection);
    }

    private static async Task FloodAsync(WireClient client)
    {
        for (var i = 0; i < 1100; i += 10)
        {
            await client.SendAsync([.. ManyCheckIns(5, "flood", 10)]);
        }
    }

    private static IEnumerable<byte[]> ManyCheckIns(int version, string device, int count) => Enumerable.Range(1, count).Select(i =>
        Packets.Publish(version, $"mdm/v1/acme/{device}/up/checkin", CheckInTests.Payload, packetId: (ushort)i));

    private static async Task<WireClient> ConnectDeafAsync(GatewayHost host, string clientId)
    {
        var client = await WireClient.OpenAsync(host.Port, receiveBuffer: 4096);
        await client.SendAsync(Packets.Connect(4, clientId));
        await client.ReadAsync();
        return client;
    }

    /// <summary>How many bytes went out before the server took no more.</summary>
    private static async Task<long> SendUntilStalledAsync(WireClient client, string device)
    {
        var batch = ManyCheckIns(4, device, 64).SelectMany(p => p).ToArray();
        long sent = 0;
        while (true)
        {
            var sending = client.SendAsync(batch);
            if (await Task.WhenAny(sending, Task.Delay(Stalled, TimeProvider.System, TestContext.Current.CancellationToken)) != sending)
            {
                return sent;
            }

            await sending;
            sent += batch.Length;
        }
    }
}
