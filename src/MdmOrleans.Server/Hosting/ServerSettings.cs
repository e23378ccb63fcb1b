using System.Globalization;
using System.Net;
using MdmOrleans.Server.Hosting.Cluster;

namespace MdmOrleans.Server.Hosting;

/// <summary>The settings that decide how the process is put together; read once, before anything is built.</summary>
internal sealed record ServerSettings
{
    public required Roles Roles { get; init; }

    /// <summary>Absolute; a relative one in the configuration is relative to the working directory.</summary>
    public required string Directory { get; init; }

    /// <summary>Null: SQLite in <see cref="Directory"/>.</summary>
    public string? Postgres { get; init; }

    public required bool MigrateOnStart { get; init; }

    public required IPAddress HttpAddress { get; init; }

    /// <summary>Plain in Development, else HTTPS with the server's certificate.</summary>
    public required int HttpPort { get; init; }

    public required bool IsHttps { get; init; }

    /// <summary>HTTP without TLS beside the other port; 0: none.</summary>
    public required int HttpPlainPort { get; init; }

    /// <summary>Where the plain port listens: loopback, unless <c>Http:AllowPlain</c> says that TLS ends on another machine.</summary>
    public required IPAddress HttpPlainAddress { get; init; }

    /// <summary>Connections that may be open at the same time on each HTTP port.</summary>
    public required int HttpMaxConnections { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    public required int SiloPort { get; init; }

    /// <summary>For clients of Orleans; 0: they cannot connect.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The address under which other silos reach this one; null: loopback when embedded, else this host's own.</summary>
    public IPAddress? AdvertisedAddress { get; init; }

    /// <summary>Mutual TLS between servers, and with clients; null: none.</summary>
    public ClusterTlsFiles? ClusterTls { get; init; }

    /// <summary>How long events are kept; null: for ever.</summary>
    public int? RetentionMonths { get; init; }

    /// <summary>Absolute; null: the one in <see cref="Directory"/>, made when it is missing.</summary>
    public string? AnchorKeyFile { get; init; }

    public bool IsEmbedded => Postgres is null;

    /// <exception cref="SettingException">A value is out of range; the sentence names its key.</exception>
    public static ServerSettings Read(IConfiguration configuration, bool isDevelopment)
    {
        var postgres = NullIfEmpty(configuration.GetConnectionString("Postgres"));
        var roles = RolesExtensions.Parse(configuration["Roles"] ?? "twins,gateway,api");
        if (postgres is null && roles != Roles.All)
        {
            throw new SettingException(
                "Roles leaves out one of twins, gateway and api, which needs a cluster: set ConnectionStrings:Postgres, or leave Roles out.");
        }

        var address = Address(configuration, "Http:Address") ?? (isDevelopment ? IPAddress.Loopback : IPAddress.IPv6Any);
        var plainPort = Port(configuration, "Http:PlainPort", 0, minimum: 0);
        var allowsPlain = Flag(configuration, "Http:AllowPlain") ?? false;
        if (allowsPlain && plainPort == 0)
        {
            throw new SettingException("Http:AllowPlain is true, and no port is plain: set Http:PlainPort, or leave Http:AllowPlain out.");
        }

        return new ServerSettings
        {
            Roles = roles,
            Directory = Path.GetFullPath(NullIfEmpty(configuration["Storage:Directory"]) ?? "data"),
            Postgres = postgres,
            MigrateOnStart = Flag(configuration, "Storage:MigrateOnStart") ?? (postgres is null || isDevelopment),
            HttpAddress = address,
            HttpPort = Port(configuration, "Http:Port", 8080),
            IsHttps = !isDevelopment,
            HttpPlainPort = plainPort,
            HttpPlainAddress = allowsPlain ? address : IPAddress.Loopback,
            HttpMaxConnections = Number(configuration, "Http:MaxConnections", 10_000, 1, 1_000_000),
            ClusterId = NullIfEmpty(configuration["Orleans:ClusterId"]) ?? "mdm",
            ServiceId = NullIfEmpty(configuration["Orleans:ServiceId"]) ?? "mdm",
            SiloPort = Port(configuration, "Orleans:SiloPort", 11111),
            GatewayPort = OptionalPort(configuration, "Orleans:GatewayPort"),
            ClusterTls = ClusterTlsFiles.Read(configuration),
            AdvertisedAddress = Address(configuration, "Orleans:AdvertisedAddress"),
            AnchorKeyFile = NullIfEmpty(configuration[Hosting.AnchorKeyFile.Setting]) is { } file ? Path.GetFullPath(file) : null,
            RetentionMonths = Months(configuration, "History:RetentionMonths"),
        };
    }

    private static int Port(IConfiguration configuration, string key, int fallback, int minimum = 1) => configuration[key] switch
    {
        null or "" => fallback,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port >= minimum && port <= 65535 => port,
        var text => throw new SettingException($"{key} is '{text}'; it must be a port, {minimum} to 65535."),
    };

    private static int OptionalPort(IConfiguration configuration, string key) => configuration[key] is "0" ? 0 : Port(configuration, key, 0);

    private static int Number(IConfiguration configuration, string key, int fallback, int minimum, int maximum) => configuration[key] switch
    {
        null or "" => fallback,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum => number,
        var text => throw new SettingException($"{key} is '{text}'; it must be a whole number, {minimum} to {maximum}."),
    };

    private static int? Months(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var months) && months is >= 1 and <= 1200 => months,
        var text => throw new SettingException($"{key} is '{text}'; it must be 1 to 1200 months, or left out to keep the history forever."),
    };

    private static IPAddress? Address(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => null,
        "any" or "*" => IPAddress.IPv6Any, // and IPv4 with it
        "loopback" or "localhost" => IPAddress.Loopback,
        var text when IPAddress.TryParse(text, out var address) => address,
        var text => throw new SettingException($"{key} is '{text}'; it must be an IP address, 'any' or 'loopback'."),
    };

    private static bool? Flag(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new SettingException($"{key} is '{text}'; it must be true or false."),
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
