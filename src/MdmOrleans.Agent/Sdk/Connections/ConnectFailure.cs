using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace MdmOrleans.Agent.Sdk.Connections;

/// <summary>Why a connection could not be opened, or broke, in words for whoever runs the agent.</summary>
internal static class ConnectFailure
{
    /// <param name="certificate">What was wrong with the server's certificate; null: nothing was.</param>
    public static string Describe(Exception failure, string? certificate = null) => certificate ?? failure.GetBaseException() switch
    {
        SocketException socket => Describe(socket.SocketErrorCode),
        AuthenticationException => "there is no TLS on that port, or no version of it that both sides speak",
        WebSocketException => "the server does not speak MQTT over WebSocket at that address",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Describe(SocketError.HostNotFound),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS with the server failed; is its certificate trusted?",
        HttpRequestException { StatusCode: { } status } => $"the server answered HTTP {(int)status}",
        OperationCanceledException or TimeoutException => "no answer in time",
        _ => "the connection was closed",
    };

    private static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "nothing listens there",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the name of the host is unknown",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown => "the host cannot be reached",
        SocketError.TimedOut => "no answer in time",
        _ => "the connection was closed",
    };
}
