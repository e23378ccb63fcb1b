using System.Diagnostics;

namespace MdmOrleans.Core.Sessions;

/// <summary>How a connection was lost. One that the device or the server ends in good order is not lost.</summary>
[GenerateSerializer, Alias("mdm.ConnectionLoss")]
public enum ConnectionLoss
{
    /// <summary>The client left a will, and went without taking it back.</summary>
    Will,

    /// <summary>It sent nothing for one and a half times the keep-alive.</summary>
    KeepAlive,

    /// <summary>The socket closed without a DISCONNECT.</summary>
    Socket,
}

public static class ConnectionLosses
{
    public static string ToWire(this ConnectionLoss loss) => loss switch
    {
        ConnectionLoss.Will => "will",
        ConnectionLoss.KeepAlive => "keepAlive",
        ConnectionLoss.Socket => "socket",
        _ => throw new UnreachableException($"No wire name for {loss}"),
    };
}
