using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>A server that cannot start says why in one sentence, and which key to look at.</summary>
public sealed class SettingsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mdm-settings-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("Roles", "twins,cook")]
    [InlineData("Roles", "gateway")]
    [InlineData("Storage:Directory", "/proc/nothing")]
    [InlineData("Storage:Directory", "/etc/hostname")]
    [InlineData("Storage:MigrateOnStart", "perhaps")]
    [InlineData("ConnectionStrings:Postgres", "nonsense")]
    [InlineData("ConnectionStrings:Postgres", "Username=mdm")]
    [InlineData("ConnectionStrings:Postgres", "Host=127.0.0.1;Port=1;Username=mdm;Password=s3cret")]
    [InlineData("Http:Port", "0")]
    [InlineData("Http:Port", "65536")]
    [InlineData("Http:PlainPort", "65536")]
    [InlineData("Http:AllowPlain", "perhaps")]
    [InlineData("Http:MaxConnections", "0")]
    [InlineData("Http:Address", "here")]
    [InlineData("Http:Address", "203.0.113.7")]
    [InlineData("Mqtt:Port", "-1")]
    [InlineData("Mqtt:Port", "mqtt")]
    [InlineData("Mqtt:TlsPort", "65536")]
    [InlineData("Mqtt:MessagesPerSecond", "0")]
    [InlineData("Mqtt:MessageBurst", "many")]
    [InlineData("Mqtt:AllowTokens", "perhaps")]
    [InlineData("Deadlines:Concurrency", "many")]
    [InlineData("Deadlines:Concurrency", "0")]
    [InlineData("Orleans:SiloPort", "port")]
    [InlineData("Orleans:GatewayPort", "-5")]
    [InlineData("Orleans:AdvertisedAddress", "nowhere")]
    [InlineData("Kestrel:Certificates:Default:Path", "/no/such/file.pfx")]
    [InlineData("Kestrel:Certificates:Default:Path", "/etc/hostname")]
    public async Task A_value_that_cannot_be_used_is_refused_by_its_key(string key, string value)
    {
        await using var server = Launch([], (key, value));

        await ExpectRefusalAsync(server, key);
        Assert.DoesNotContain("s3cret", server.Errors + server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Http:Port")]
    [InlineData("Http:PlainPort")]
    [InlineData("Mqtt:Port")]
    [InlineData("Mqtt:TlsPort")]
    [InlineData("Orleans:SiloPort")]
    [InlineData("Orleans:GatewayPort")]
    public async Task A_port_in_use_is_named_by_its_key(string key)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await using var server = Launch([], (key, port));

        await ExpectRefusalAsync(server, key, port);
    }

    [Theory]
    [InlineData("Orleans:Tls:Certificate", "ConnectionStrings:Postgres=Host=127.0.0.1;Port=1;Username=mdm", "Orleans:AdvertisedAddress=10.0.0.7")]
    [InlineData("Orleans:GatewayPort", "Orleans:GatewayPort=30000")]
    [InlineData("Orleans:Tls:Key", "Orleans:Tls:Certificate=/etc/mdm/server.crt", "Orleans:Tls:Authority=/etc/mdm/ca.crt")]
    [InlineData("Orleans:Tls:Certificate", "Orleans:Tls:Certificate=/no/such.crt", "Orleans:Tls:Key=/no/such.key", "Orleans:Tls:Authority=/no/such-ca.crt")]
    [InlineData("Orleans:Tls:Certificate", "Orleans:Tls:Certificate=/etc/hostname", "Orleans:Tls:Key=/etc/hostname", "Orleans:Tls:Authority=/etc/hostname")]
    public async Task A_cluster_that_anybody_could_join_is_refused_by_the_key_that_opens_it(string key, params string[] settings)
    {
        await using var server = Launch([], [.. settings.Select(setting => (setting[..setting.IndexOf('=')], setting[(setting.IndexOf('=') + 1)..]))]);

        await ExpectRefusalAsync(server, key);
    }

    [Fact]
    public async Task Two_listeners_on_one_port_are_refused()
    {
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);

        await using var server = Launch([], ("Http:Port", port), ("Mqtt:Port", port));

        await ExpectRefusalAsync(server, "Http:Port", "Mqtt:Port", port);
    }

    [Fact]
    public async Task A_data_directory_serves_one_server_at_a_time_and_migrate_is_no_exception()
    {
        var database = new KeyValuePair<string, string>("Storage:Directory", _directory.FullName);
        await using var first = await ServerProcess.StartAsync([], database);

        await using var second = Launch([]);
        await using var migration = Launch(["migrate"]);

        await ExpectRefusalAsync(second, _directory.FullName, "Storage:Directory");
        await ExpectRefusalAsync(migration, _directory.FullName, "Storage:Directory");
        Assert.True(await first.IsReadyAsync());
    }

    [Fact]
    public async Task An_unknown_verb_prints_the_usage()
    {
        await using var server = Launch(["destroy"]);

        Assert.Equal(2, await server.ExitAsync(Patience));
        Assert.Contains("'destroy'", server.Errors, StringComparison.Ordinal);
        Assert.Contains("Usage:", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Http:Port needs a value", "--Http:Port")]
    [InlineData("--Http:Port needs a value", "serve", "--Http:Port", "--Mqtt:Port=1883")]
    [InlineData("'-p' is not an option", "-p", "8081")]
    [InlineData("'Http:Port=8081' is not an option", "serve", "Http:Port=8081")]
    public async Task An_argument_that_the_configuration_would_skip_prints_the_usage(string complaint, params string[] arguments)
    {
        await using var server = Launch(arguments);

        Assert.Equal(2, await server.ExitAsync(Patience));
        Assert.StartsWith(complaint, server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_needs_the_port_that_its_devices_use()
    {
        await using var server = Launch(["demo"], ("Mqtt:Port", "0"));

        await ExpectRefusalAsync(server, "Mqtt:Port");
    }

    private ChildProcess Launch(string[] arguments, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["Storage:Directory"] = _directory.FullName,
            ["Http:Address"] = "loopback",
            ["Orleans:AdvertisedAddress"] = "127.0.0.1",
        };
        foreach (var (key, value) in ServerProcess.FreePorts().Select(port => (port.Key, port.Value)).Concat(settings))
        {
            all[key] = value;
        }

        return ServerProcess.Launch(arguments, all);
    }

    private static async Task ExpectRefusalAsync(ChildProcess server, params string[] words)
    {
        Assert.Equal(1, await server.ExitAsync(Patience));
        Assert.DoesNotContain('\n', server.Errors); // a sentence, and no stack
        Assert.All(words, word => Assert.Contains(word, server.Errors, StringComparison.Ordinal));
    }
}
