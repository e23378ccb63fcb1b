using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using MdmOrleans.Gateway.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>MQTT inside a WebSocket, for devices behind proxies that let nothing else pass.</summary>
public static class MqttWebSocket
{
    private const string Protocol = "mqtt";
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Maps it to <c>/mqtt</c>, open without a bearer: the identity is in CONNECT.</summary>
    public static IEndpointConventionBuilder MapMqtt(this IEndpointRouteBuilder endpoints)
    {
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero }); // MQTT has a keep-alive of its own
        pipeline.Run(RunAsync);
        return endpoints.Map("/mqtt", pipeline.Build()).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task RunAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var services = context.RequestServices.GetRequiredService<SessionServices>();
        var acceptedAt = services.Time.GetTimestamp();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(Protocol);
        var transport = new StreamTransport(new WebSocketBytes(socket));
        await new MqttSession(services, transport, socket.Abort, TokensAllowed(context), acceptedAt).RunAsync();
        await CloseAsync(socket, services.Time);
    }

    private static async Task CloseAsync(WebSocket socket, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort(); // gone, or not willing to listen: nobody is left to be polite to
        }
    }

    private static bool TokensAllowed(HttpContext context) =>
        context.Request.IsHttps
        || context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        || context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment();

    private sealed class StreamTransport(Stream stream) : IDuplexPipe
    {
        // Zero-byte reads: an idle connection holds no buffer.
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(useZeroByteReads: true, leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
