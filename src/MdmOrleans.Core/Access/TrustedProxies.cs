using System.Net;

namespace MdmOrleans.Core.Access;

/// <summary>The addresses whose headers are believed: which device asks, from where, and over which line.</summary>
public sealed class TrustedProxies
{
    public const string Setting = "Access:TrustedProxies";
    public const string Default = "127.0.0.0/8,::1";

    private readonly IPNetwork[] _networks;

    private TrustedProxies(IPNetwork[] networks) => _networks = networks;

    /// <param name="text">Addresses and networks, separated by commas; empty: nobody. Null: <see cref="Default"/>.</param>
    /// <exception cref="InvalidDataException">One of them is neither; the sentence names the setting.</exception>
    public static TrustedProxies Parse(string? text) =>
        new([.. (text ?? Default).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne)]);

    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        var plain = Plain(address); // a socket for both families says it so
        return _networks.Any(network => network.Contains(plain));
    }

    /// <summary>The client, as far as anybody who is believed has seen it.</summary>
    /// <param name="peer">The other end of the connection.</param>
    /// <param name="forwardedFor">
    /// <c>X-Forwarded-For</c>, the nearest proxy's word last. Only what a trusted proxy wrote counts, so the list is read from its end.
    /// </param>
    public IPAddress? FindClient(IPAddress? peer, string? forwardedFor)
    {
        var client = peer;
        foreach (var written in (forwardedFor ?? string.Empty).Split(',', StringSplitOptions.TrimEntries).Reverse())
        {
            if (!Contains(client) || !TryParse(written, out var before))
            {
                break;
            }

            client = before;
        }

        return client;
    }

    // Some proxies write the port behind it.
    private static bool TryParse(string text, out IPAddress? address)
    {
        address = IPAddress.TryParse(text, out var plain) ? plain : IPEndPoint.TryParse(text, out var endPoint) ? endPoint.Address : null;
        return address is not null;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork ParseOne(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new InvalidDataException($"{Setting} has '{text}'; it must be a list of addresses and networks such as 10.0.0.0/8.");
    }
}
