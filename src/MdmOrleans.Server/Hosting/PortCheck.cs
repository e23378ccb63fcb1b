using System.Net;
using System.Net.Sockets;

namespace MdmOrleans.Server.Hosting;

/// <summary>Tells an operator which setting clashes, before a listener deep inside says only that something did.</summary>
internal static class PortCheck
{
    /// <exception cref="SettingException">The port is taken.</exception>
    public static void Demand(string key, IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new SettingException($"{key} is {port}, and that port is in use on {address}; stop what listens there, or choose another.", e);
        }
        catch (SocketException e)
        {
            throw new SettingException($"{key} is {port}, and it cannot be opened on {address}: {e.Message}.", e);
        }
    }
}
