using System.Diagnostics;
using System.Net.Sockets;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>On the real clock, since it is real sockets that wait.</summary>
public sealed class TimeLimitTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Fact]
    public async Task Those_who_never_speak_are_closed_after_ten_seconds_and_nobody_else_notices()
    {
        await using var host = await GatewayHost.StartAsync();
        var since = Stopwatch.GetTimestamp();
        var silent = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => WireClient.OpenAsync(host.Port)));

        await using var device = await WireClient.ConnectAsync(host.Port, 5, "acme:speaks");
        await device.SendAsync(Packets.Publish(5, "mdm/v1/acme/speaks/up/checkin", CheckInTests.Payload));
        await device.ExpectAsync(0x40, 0x30);
        var answeredAfter = Stopwatch.GetElapsedTime(since);
        await Task.WhenAll(silent.Select(client => client.ExpectClosedAsync()));
        var closedAfter = Stopwatch.GetElapsedTime(since);

        Assert.InRange(answeredAfter.TotalSeconds, 0, 9);
        Assert.InRange(closedAfter.TotalSeconds, 9.9, 15);
        Assert.Equal(1, host.Registry.Count);
        await Task.WhenAll(silent.Select(client => client.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task One_byte_a_second_does_not_pass_for_a_connect()
    {
        await using var client = await WireClient.OpenAsync(_host.Port);
        var sending = TrickleAsync(client, Packets.Connect(5, "acme:trickle"), TimeSpan.FromSeconds(1));

        await client.ExpectClosedAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => sending);
    }

    [Fact]
    public async Task A_keep_alive_counts_whole_packets_only()
    {
        await using var client = await WireClient.OpenAsync(_host.Port);
        await client.SendAsync(Packets.Connect(5, "acme:asleep", keepAlive: 1));
        await client.ReadAsync();
        var packet = Packets.Publish(5, "mdm/v1/acme/asleep/up/checkin", new string('x', 100));
        var sending = TrickleAsync(client, packet, TimeSpan.FromMilliseconds(200));
        var since = Stopwatch.GetTimestamp();

        Assert.Equal((0xE0, 0x8D), await client.ReadDisconnectAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 1.4, 5);
        await client.ExpectClosedAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => sending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(240)] // a sweep has just passed
    public async Task A_keep_alive_that_is_over_ends_the_connection_within_half_a_second(int phase)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time);
        time.Advance(TimeSpan.FromMilliseconds(phase));
        await using var client = await WireClient.OpenAsync(host.Port);
        await client.SendAsync(Packets.Connect(5, "acme:silent", keepAlive: 10));
        await client.ReadAsync();
        var since = Stopwatch.GetTimestamp();

        time.Advance(TimeSpan.FromSeconds(14.9));
        var early = host.Registry.Count;
        time.Advance(TimeSpan.FromSeconds(0.1 + 0.3)); // half a second, less what the socket takes

        Assert.Equal(1, early);
        Assert.Equal((0xE0, 0x8D), await client.ReadDisconnectAsync());
        await client.ExpectClosedAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_tls_handshake_takes_five_seconds_at_most()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", _host.TlsPort, TestContext.Current.CancellationToken);
        var since = Stopwatch.GetTimestamp();

        var read = await socket.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);

        Assert.Equal(0, read);
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 4, 8);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_for_half_a_minute_is_cut_off()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time, new("Mqtt:MessagesPerSecond", "100000"), new("Mqtt:MessageBurst", "1000000"));
        await using var client = await WireClient.OpenAsync(host.Port, receiveBuffer: 4096);
        await client.SendAsync(Packets.Connect(4, "acme:deaf", keepAlive: 0));
        await client.ReadAsync();
        var packets = Enumerable.Repeat(Packets.Publish(4, "mdm/v1/acme/deaf/up/checkin", CheckInTests.Payload), 64).ToArray();
        var sending = client.SendAsync(packets);
        while (await Task.WhenAny(sending, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken)) == sending)
        {
            sending = client.SendAsync(packets);
        }

        time.Advance(TimeSpan.FromSeconds(31));

        await Assert.ThrowsAnyAsync<IOException>(() => sending);
    }

    private static async Task TrickleAsync(WireClient client, byte[] bytes, TimeSpan pause)
    {
        using var timer = new PeriodicTimer(pause);
        foreach (var one in bytes)
        {
            await client.SendAsync([one]);
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
