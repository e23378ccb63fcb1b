using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace MdmOrleans.Integration.Tests.Gateway.Wire;

/// <summary>A client that sends bytes, right or wrong, and reads packets one by one.</summary>
internal sealed class WireClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TcpClient _socket;
    private readonly Stream _stream;

    private WireClient(TcpClient socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    /// <summary>A socket, and not a word.</summary>
    public static async Task<WireClient> OpenAsync(int port, bool tls = false, int receiveBuffer = 0)
    {
        var socket = new TcpClient { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        if (!tls)
        {
            return new WireClient(socket, socket.GetStream());
        }

        var stream = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await stream.AuthenticateAsClientAsync("localhost");
        return new WireClient(socket, stream);
    }

    /// <summary>A connection that was accepted.</summary>
    public static async Task<WireClient> ConnectAsync(int port, int version, string clientId, byte[]? properties = null, bool tls = false)
    {
        var client = await OpenAsync(port, tls);
        await client.SendAsync(Packets.Connect(version, clientId, properties: properties));
        var answer = await client.ReadAsync();
        Assert.Equal((0x20, 0), (answer.Header, answer.Body[1]));
        return client;
    }

    public async Task SendAsync(params byte[][] packets) =>
        await _stream.WriteAsync(packets.SelectMany(packet => packet).ToArray(), TestContext.Current.CancellationToken);

    /// <summary>The next packet.</summary>
    public async Task<Received> ReadAsync() =>
        await TryReadAsync() ?? throw new EndOfStreamException("The server closed the connection without the packet that was waited for.");

    /// <summary>The next packet; null when the connection was closed instead.</summary>
    public async Task<Received?> TryReadAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var header = new byte[1];
            await _stream.ReadExactlyAsync(header, limit.Token);
            var length = 0;
            var digit = new byte[1];
            for (var shift = 0; shift == 0 || digit[0] >= 0x80; shift += 7)
            {
                await _stream.ReadExactlyAsync(digit, limit.Token);
                length |= (digit[0] & 0x7F) << shift;
            }

            var body = new byte[length];
            await _stream.ReadExactlyAsync(body, limit.Token);
            return new Received(header[0], body);
        }
        catch (Exception e) when (e is IOException)
        {
            return null;
        }
    }

    /// <summary>The next packets must begin with these bytes.</summary>
    public async Task ExpectAsync(params int[] headers)
    {
        foreach (var header in headers)
        {
            Assert.Equal(header, (await ReadAsync()).Header);
        }
    }

    /// <summary>The first byte and the reason code of the DISCONNECT that must come next.</summary>
    public async Task<(int Header, int Code)> ReadDisconnectAsync() => await ReadAsync() is var packet ? (packet.Header, packet.Body[0]) : default;

    public async Task ExpectClosedAsync() => Assert.Null(await TryReadAsync());

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }
}

/// <summary>A packet from the server.</summary>
internal sealed record Received(byte Header, byte[] Body)
{
    public ushort PacketId => (ushort)((Body[0] << 8) | Body[1]);

    /// <summary>Of a PUBLISH.</summary>
    public string Topic => Encoding.UTF8.GetString(Body, 2, (Body[0] << 8) | Body[1]);

    public int QoS => (Header >> 1) & 3;

    /// <summary>Of a PUBLISH with QoS 1.</summary>
    public ushort PublishId => (ushort)((Body[TopicEnd] << 8) | Body[TopicEnd + 1]);

    /// <summary>The Reason String of an acknowledgment of MQTT 5 or a DISCONNECT; null where it has none.</summary>
    public string? ReasonString
    {
        get
        {
            var at = Header switch { 0x20 => 2, 0x40 => 3, 0x90 or 0xB0 => 2, 0xE0 => 1, _ => throw new InvalidOperationException($"{Header:X2} has none") };
            if (at >= Body.Length || Body[at] == 0)
            {
                return null;
            }

            at += Body[at] < 0x80 ? 1 : 2;
            return Body[at] == 0x1F ? Encoding.UTF8.GetString(Body, at + 3, (Body[at + 1] << 8) | Body[at + 2]) : null;
        }
    }

    private int TopicEnd => 2 + ((Body[0] << 8) | Body[1]);

    /// <summary>Of a PUBLISH.</summary>
    public string Payload(int version)
    {
        var at = TopicEnd + (QoS > 0 ? 2 : 0);
        if (version == 5)
        {
            at += 1 + Body[at]; // the tests' properties are short
        }

        return Encoding.UTF8.GetString(Body.AsSpan(at));
    }
}
