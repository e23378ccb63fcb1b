using System.Net;
using MdmOrleans.Gateway.Sessions;
using Microsoft.AspNetCore.Connections;

namespace MdmOrleans.Gateway.Listeners;

/// <summary>MQTT on a socket of Kestrel's, plain or inside TLS.</summary>
internal static class MqttConnectionHandler
{
    public static Task RunAsync(ConnectionContext connection, SessionServices services)
    {
        var acceptedAt = connection.Features.Get<AcceptedAt>()?.Timestamp ?? services.Time.GetTimestamp();
        var origin = new ConnectionOrigin(services.AllowTokens, (connection.RemoteEndPoint as IPEndPoint)?.Address, acceptedAt);
        return new MqttSession(services, connection.Transport, connection.Abort, origin).RunAsync();
    }
}

/// <summary>When the socket was accepted: the time for CONNECT runs from there, not from the end of the TLS handshake.</summary>
internal sealed record AcceptedAt(long Timestamp);
