using MdmOrleans.Gateway;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Npgsql;

namespace MdmOrleans.Server.Hosting;

/// <summary>What is ready, and where: one line each, once everything has started.</summary>
internal sealed partial class StartupReport(
    ServerSettings settings, IConfiguration configuration, IServer server, ILocalSiloDetails silo, ISiloStatusOracle silos, IServiceProvider services, ILogger<StartupReport> logger)
{
    public void Write()
    {
        var addresses = (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(address => BindingAddress.Parse(address)).ToLookup(IsMqtt);
        LogHttp(string.Join(", ", addresses[false].Select(address => Text(address, address.Scheme)).Distinct()));
        if (addresses.Contains(true))
        {
            LogMqtt(string.Join(", ", addresses[true].Select(address => Text(address, address.Scheme == "https" ? "mqtts" : "mqtt")).Distinct()));
        }

        LogDatabase(Database());
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Count;
        LogCluster(settings.ClusterId, $"{silo.SiloAddress.Endpoint}", settings.Roles.ToWords(), active);
        if (settings.Roles.HasFlag(Roles.Api))
        {
            WriteKey();
        }
    }

    private bool IsMqtt(BindingAddress address) =>
        settings.Roles.HasFlag(Roles.Gateway)
        && services.GetRequiredService<IOptions<MqttOptions>>().Value is var mqtt
        && (address.Port == mqtt.TlsPort || address.Port == (mqtt.Port ?? MqttOptions.DefaultDevelopmentPort));

    private static string Text(BindingAddress address, string scheme) => address.Host switch
    {
        "[::]" or "0.0.0.0" => $"{scheme}://*:{address.Port} (any address)",
        "127.0.0.1" or "[::1]" or "localhost" => $"{scheme}://localhost:{address.Port} (this machine only)",
        var host => $"{scheme}://{host}:{address.Port}",
    };

    private string Database()
    {
        if (settings.Postgres is not { } postgres)
        {
            return $"SQLite in {settings.Directory}";
        }

        var connection = new NpgsqlConnectionStringBuilder(postgres); // it has a password in it: only what follows is shown
        return $"PostgreSQL at {connection.Host}:{connection.Port}, database {connection.Database}";
    }

    private void WriteKey()
    {
        var path = Path.Combine(settings.Directory, "admin-key");
        if (configuration["Auth:AdminKey"] is not null)
        {
            LogKeySetting();
        }
        else if (File.Exists(path))
        {
            LogKeyFile(path);
        }
        else
        {
            LogKeyElsewhere(settings.Directory);
        }
    }
}
