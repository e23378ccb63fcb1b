using System.Net.WebSockets;
using MdmOrleans.Integration.Tests.Gateway.Wire;

namespace MdmOrleans.Integration.Tests.Gateway;

public sealed class ListenerTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Fact]
    public async Task A_device_checks_in_over_tls()
    {
        await using var client = await WireClient.ConnectAsync(_host.TlsPort, 5, "acme:secure", tls: true);

        await client.SendAsync(Packets.Publish(5, "mdm/v1/acme/secure/up/checkin", CheckInTests.Payload));

        await client.ExpectAsync(0x40, 0x30);
    }

    [Fact]
    public async Task Tokens_are_refused_over_tls_where_they_are_switched_off()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:AllowTokens", "false")]);
        await using var client = await WireClient.OpenAsync(host.TlsPort, tls: true);

        await client.SendAsync(Packets.Connect(5, "acme:token"));

        Assert.Equal(0x87, (await client.ReadAsync()).Body[1]);
    }

    [Fact]
    public async Task Packets_over_a_websocket_may_span_frames_and_share_them()
    {
        using var socket = await OpenAsync("mqtt");
        var connect = Packets.Connect(5, "acme:web");
        var publish = Packets.Publish(5, "mdm/v1/acme/web/up/checkin", CheckInTests.Payload);

        await SendAsync(socket, connect[..5]);
        await SendAsync(socket, [.. connect[5..], .. publish, .. Packets.PingReq]);

        List<byte> received = [];
        var buffer = new byte[4096];
        while (received.Count < 4 || received[^2] != 0xD0)
        {
            var result = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
            received.AddRange(buffer.AsSpan(0, result.Count));
        }

        Assert.Equal((0x20, 0), (received[0], received[3]));
    }

    [Fact]
    public async Task Text_over_a_websocket_is_no_mqtt()
    {
        using var socket = await OpenAsync("mqtt");

        var connect = Packets.Connect(5, "acme:text", keepAlive: 0x8001); // which happens to be UTF-8
        await socket.SendAsync(connect, WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);

        Assert.Equal(0, await ExpectClosedAsync(socket));
    }

    [Fact]
    public async Task A_websocket_that_does_not_ask_for_mqtt_is_refused() =>
        await Assert.ThrowsAsync<WebSocketException>(() => OpenAsync("chat"));

    [Fact]
    public async Task A_websocket_ends_with_its_mqtt_connection()
    {
        using var socket = await OpenAsync("mqtt");

        await SendAsync(socket, [.. Packets.Connect(5, "acme:bye"), .. Packets.Disconnect]);

        await ExpectClosedAsync(socket);
    }

    private static async Task SendAsync(ClientWebSocket socket, byte[] bytes) =>
        await socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);

    /// <summary>How many bytes came before the end.</summary>
    private static async Task<int> ExpectClosedAsync(ClientWebSocket socket)
    {
        var count = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        var buffer = new byte[4096];
        while (socket.State == WebSocketState.Open)
        {
            try
            {
                count += (await socket.ReceiveAsync(buffer, limit.Token)).Count;
            }
            catch (WebSocketException)
            {
                return count; // cut off: just as closed
            }
        }

        return count;
    }

    private async Task<ClientWebSocket> OpenAsync(string protocol)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_host.HttpPort}/mqtt"), TestContext.Current.CancellationToken);
        return socket;
    }
}
