using System.IO.Pipelines;
using System.Net.WebSockets;
using MdmOrleans.Core.Access;
using MdmOrleans.Gateway.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>MQTT inside a WebSocket, for devices behind proxies that let nothing else pass.</summary>
public static class MqttWebSocket
{
    private const string Protocol = "mqtt";
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Maps it to <c>/mqtt</c>, open without a bearer: the identity is in CONNECT.</summary>
    public static IEndpointConventionBuilder MapMqtt(this IEndpointRouteBuilder endpoints)
    {
        _ = endpoints.ServiceProvider.GetRequiredService<TrustedProxies>(); // now, where a wrong setting is a sentence
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero }); // MQTT has a keep-alive of its own
        pipeline.Run(RunAsync);
        return endpoints.Map("/mqtt", pipeline.Build()).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task RunAsync(HttpContext context)
    {
        // A WebSocket begins with HTTP/1.1 (RFC 6455, 4.1): what is in between and speaks 1.0 does not know what Upgrade asks for.
        if (HttpProtocol.IsHttp10(context.Request.Protocol)
            || !context.WebSockets.IsWebSocketRequest
            || !context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var services = context.RequestServices.GetRequiredService<SessionServices>();
        var origin = OriginOf(context, services);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(Protocol);
        var transport = new PumpedTransport(new WebSocketBytes(socket));
        var pumping = transport.PumpAsync();
        await new MqttSession(services, transport, socket.Abort, origin).RunAsync();
        await transport.Input.CompleteAsync();
        await CloseAsync(socket, pumping, services.Time);
    }

    private static async Task CloseAsync(WebSocket socket, Task pumping, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            await pumping.WaitAsync(limit.Token); // until the client has closed its side, too
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort(); // gone, or not willing to listen: nobody is left to be polite to
            await pumping;
        }
    }

    private static ConnectionOrigin OriginOf(HttpContext context, SessionServices services)
    {
        var proxies = context.RequestServices.GetRequiredService<TrustedProxies>();
        return new ConnectionOrigin(
            services.AllowTokens && PrivateLine.Is(context.Request, proxies),
            proxies.FindClient(context.Connection.RemoteIpAddress, context.Request.Headers["X-Forwarded-For"]),
            services.Time.GetTimestamp());
    }

    /// <summary>
    /// A session ends its own reading by canceling it, and a WebSocket whose reading is canceled is torn down with everything that
    /// it has not sent yet. So what is read passes through a pipe, and it is the pipe's reading that is canceled.
    /// </summary>
    private sealed class PumpedTransport(WebSocketBytes stream) : IDuplexPipe
    {
        private const int ReadAhead = 64 * 1024;

        private readonly Pipe _input = new(new PipeOptions(pauseWriterThreshold: ReadAhead, resumeWriterThreshold: ReadAhead / 2));

        public PipeReader Input => _input.Reader;

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

        /// <summary>Ends when the client or the session does. Does not throw: the session hears of a failure where it reads.</summary>
        public async Task PumpAsync()
        {
            Exception? failure = null;
            try
            {
                while (await stream.WaitAsync()) // first, so that an idle connection holds no buffer
                {
                    var read = await stream.ReadAsync(_input.Writer.GetMemory());
                    _input.Writer.Advance(read);
                    if (read == 0 || (await _input.Writer.FlushAsync()).IsCompleted)
                    {
                        break;
                    }
                }
            }
            catch (Exception e) when (e is IOException or WebSocketException or OperationCanceledException)
            {
                failure = e;
            }

            await _input.Writer.CompleteAsync(failure);
        }
    }
}
