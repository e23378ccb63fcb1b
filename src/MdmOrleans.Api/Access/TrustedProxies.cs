using System.Net;

namespace MdmOrleans.Api.Access;

/// <summary>Who may say, in a header, which device is asking.</summary>
internal sealed class TrustedProxies
{
    public const string Setting = "Access:TrustedProxies";
    public const string Default = "127.0.0.0/8,::1";

    private readonly IPNetwork[] _networks;

    private TrustedProxies(IPNetwork[] networks) => _networks = networks;

    /// <param name="text">Addresses and networks, separated by commas; empty: nobody.</param>
    /// <exception cref="InvalidDataException">One of them is neither; the sentence names the setting.</exception>
    public static TrustedProxies Parse(string text) =>
        new([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)]);

    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address; // a socket for both families says it so
        return _networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork ParseOne(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidDataException($"{Setting} has '{text}'; it is a list of addresses and of networks such as 10.0.0.0/8.");
    }
}
