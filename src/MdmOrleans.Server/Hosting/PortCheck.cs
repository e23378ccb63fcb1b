using System.Net;
using System.Net.Sockets;
using MdmOrleans.Gateway;

namespace MdmOrleans.Server.Hosting;

/// <summary>Tells an operator which setting clashes, before a listener deep inside says only that something did.</summary>
internal static class PortCheck
{
    /// <exception cref="SettingException">A port is taken, or asked for twice.</exception>
    public static void DemandAll(IConfiguration configuration, ServerSettings settings, bool isDevelopment)
    {
        List<(string Key, IPAddress Address, int Port)> ports =
        [
            ("Http:Port", Bindable(settings.HttpAddress), settings.HttpPort),
            ("Http:PlainPort", Bindable(settings.HttpPlainAddress), settings.HttpPlainPort),
            ("Orleans:SiloPort", IPAddress.Any, settings.SiloPort),
            ("Orleans:GatewayPort", IPAddress.Any, settings.GatewayPort),
        ];
        if (settings.Roles.HasFlag(Roles.Gateway))
        {
            var mqtt = ReadMqtt(configuration);
            ports.Add(("Mqtt:TlsPort", IPAddress.Any, mqtt.TlsPort));
            ports.Add(("Mqtt:Port", IPAddress.Loopback, mqtt.Port ?? (isDevelopment ? MqttOptions.DefaultDevelopmentPort : 0)));
        }

        foreach (var (key, address, port) in ports.Where(p => p.Port != 0))
        {
            if (ports.FirstOrDefault(p => p.Port == port && p.Key != key) is { Key: { } other })
            {
                throw new SettingException($"{key} and {other} are both {port}; each needs a port of its own.");
            }

            Demand(key, address, port);
        }
    }

    public static MqttOptions ReadMqtt(IConfiguration configuration) => configuration.GetSection("Mqtt").Get<MqttOptions>() ?? new MqttOptions();

    private static IPAddress Bindable(IPAddress address) => address.Equals(IPAddress.IPv6Any) ? IPAddress.Any : address;

    private static void Demand(string key, IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new SettingException($"{key} is {port}, and that port is in use on {address}; stop the program that listens there, or choose another port.", e);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            var addressKey = key.Replace(":Port", ":Address", StringComparison.Ordinal);
            throw new SettingException($"{addressKey} is {address}, and this machine has no such address.", e);
        }
        catch (SocketException e)
        {
            throw new SettingException($"{key} is {port}, and it cannot be opened on {address}: {e.Message}.", e);
        }
    }
}
