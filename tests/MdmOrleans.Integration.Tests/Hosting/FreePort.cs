using System.Net;
using System.Net.Sockets;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>Ports that nobody listens on, and that stay free until they are used.</summary>
/// <remarks>
/// Below the range from which the kernel takes the near end of connections: a client that tries again and again while its server
/// is down would else be given the very port it dials, and talk to itself.
/// </remarks>
internal static class FreePort
{
    private const int Lowest = 12_000;
    private const int Count = 20_000;

    // Test processes that run side by side begin at different places.
    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = Lowest + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException("Every port that may be used is taken.");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
