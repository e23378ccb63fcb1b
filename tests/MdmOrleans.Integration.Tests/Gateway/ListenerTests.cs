using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text;
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

    [Theory]
    [InlineData("true", 0x00)]
    [InlineData("false", 0x87)]
    public async Task Every_listener_takes_tokens_only_where_they_are_allowed(string allowed, int code)
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:AllowTokens", allowed)]);
        using var socket = await OpenAsync("mqtt", host);

        Assert.Equal((code, code), (await AskAsync(host.Port), await ConnectAsync(socket)));
    }

    [Theory]
    [InlineData("127.0.0.1", "https", "203.0.113.9", 0x00)]
    [InlineData("127.0.0.1", "HTTPS", null, 0x00)]
    [InlineData("127.0.0.1", "http", "203.0.113.9", 0x87)]
    [InlineData("127.0.0.1", "https, http", null, 0x87)] // one of two proxies was asked in the open
    [InlineData("127.0.0.1", "", "203.0.113.9", 0x87)] // a proxy, and not a word about TLS
    [InlineData("10.0.0.0/8", "https", null, 0x87)] // whoever stands there is not believed
    [InlineData("10.0.0.0/8", null, "203.0.113.9", 0x87)]
    [InlineData("10.0.0.0/8", null, null, 0x00)] // nobody between
    public async Task A_websocket_takes_tokens_where_nobody_can_read_them(string trusted, string? proto, string? client, int code)
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Access:TrustedProxies", trusted)]);
        using var socket = await OpenAsync("mqtt", host, ("X-Forwarded-Proto", proto), ("X-Forwarded-For", client));

        Assert.Equal(code, await ConnectAsync(socket));
    }

    [Fact]
    public async Task A_client_behind_a_trusted_proxy_fails_on_its_own_account()
    {
        await using var host = await GatewayHost.StartAsync(settings: [new("Mqtt:FailedConnectsPerSecond", "1"), new("Mqtt:FailedConnectBurst", "1")]);
        List<int> codes = [];

        foreach (var client in (string[])["203.0.113.9", "203.0.113.9", "203.0.113.10"])
        {
            using var socket = await OpenAsync("mqtt", host, ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", client));
            codes.Add(await ConnectAsync(socket, password: "wrong"));
        }

        Assert.Equal([0x86, 0x9F, 0x86], codes);
    }

    [Theory]
    [InlineData("HTTP/1.0", "HTTP/1.1 400")]
    [InlineData("HTTP/1.1", "HTTP/1.1 101")]
    public async Task A_websocket_over_http_1_0_is_refused(string version, string answer)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _host.HttpPort, TestContext.Current.CancellationToken);
        var request = $"GET /mqtt {version}\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";

        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(socket.GetStream());
        Assert.StartsWith(answer, await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, false)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, false)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, false)]
    [SuppressMessage("Interoperability", "CA1416", Justification = "These tests need Linux for other reasons, too.")]
    [SuppressMessage("Security", "CA5398", Justification = "It is TLS 1.2 that is tested.")]
    public async Task In_tls_1_2_there_is_no_cbc(TlsCipherSuite suite, bool isTaken)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _host.TlsPort, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(socket.GetStream(), false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");

        var failure = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls12,
            CipherSuitesPolicy = new CipherSuitesPolicy([suite]),
        }, TestContext.Current.CancellationToken));

        Assert.Equal(isTaken, failure is null);
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

    private async Task<ClientWebSocket> OpenAsync(string protocol, GatewayHost? host = null, params (string Name, string? Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(protocol);
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            socket.Options.SetRequestHeader(name, value);
        }

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{(host ?? _host).HttpPort}/mqtt"), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>The code of the CONNACK.</summary>
    private static async Task<int> ConnectAsync(ClientWebSocket socket, string password = FakeTwin.Token)
    {
        await SendAsync(socket, Packets.Connect(5, "acme:web", password: password));
        var answer = new byte[256];
        await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
        return answer[3];
    }

    private static async Task<int> AskAsync(int port)
    {
        await using var client = await WireClient.OpenAsync(port);
        await client.SendAsync(Packets.Connect(5, "acme:plain"));
        return (await client.ReadAsync()).Body[1];
    }
}
