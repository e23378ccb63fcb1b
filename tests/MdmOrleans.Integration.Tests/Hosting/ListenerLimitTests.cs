using System.Net;
using System.Net.Sockets;
using System.Text;
using MdmOrleans.Integration.Tests.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>What a stranger may take from a port before anybody knows who it is.</summary>
[Collection(ApiTests.Name)]
public sealed class ListenerLimitTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mdm-limits-").FullName;
    private readonly int _mqttPort = int.Parse(ApiHost.FreePort(), System.Globalization.CultureInfo.InvariantCulture);
    private ApiHost _host = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(
        _directory, mqttPort: _mqttPort, settings: ["--Http:MaxConnections=2", "--Mqtt:MaxConnections=1"]);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_connection_beyond_the_limit_of_its_port_is_closed_and_the_place_of_one_that_ended_is_free_again()
    {
        using var first = await ConnectAsync(_host.Address.Port);
        using var second = await ConnectAsync(_host.Address.Port);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(first), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(second), StringComparison.Ordinal);

        using var third = await ConnectAsync(_host.Address.Port);
        Assert.True(await IsClosedAsync(third));

        first.Dispose();
        await Eventually.TrueAsync(
            async () =>
            {
                using var next = await ConnectAsync(_host.Address.Port);
                return (await AskAsync(next)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
            },
            "the place is free again",
            TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_MQTT_connection_beyond_the_limit_of_its_port_is_closed()
    {
        using var first = await ConnectAsync(_mqttPort);

        Assert.True(await IsRefusedAsync(_mqttPort)); // and the first has ten seconds for its CONNECT
    }

    [Fact]
    public void A_slow_request_is_cut_off_and_none_is_large()
    {
        var limits = _host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal(TimeSpan.FromSeconds(10), limits.RequestHeadersTimeout);
        Assert.Equal((1024d, TimeSpan.FromSeconds(5)), (limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinRequestBodyDataRate.GracePeriod));
        Assert.Equal((1024 * 1024, 16 * 1024), (limits.MaxRequestBodySize, limits.MaxRequestHeadersTotalSize));
        Assert.Equal((100, 2L), (limits.Http2.MaxStreamsPerConnection, limits.MaxConcurrentUpgradedConnections));
    }

    /// <summary>Closed as soon as it was accepted, which a client may see while it still connects.</summary>
    private static async Task<bool> IsRefusedAsync(int port)
    {
        try
        {
            using var socket = await ConnectAsync(port);
            return await IsClosedAsync(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>The beginning of the answer; empty when the connection was closed instead.</summary>
    private static async Task<string> AskAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET /healthz/live HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            var buffer = new byte[64];
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            return await socket.ReceiveAsync(new byte[1], limit.Token) == 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            return true;
        }
    }
}
