using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Hosting;

/// <summary>Whoever starts a server reads on the console where everything is.</summary>
public sealed class StartupReportTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_start_says_in_a_line_each_where_http_mqtt_database_cluster_and_key_are()
    {
        await using var server = await ServerProcess.StartAsync(database);
        await Eventually.TrueAsync(() => Task.FromResult(server.Output.Contains("administrator key is in", StringComparison.Ordinal)), "the last line came", TimeSpan.FromSeconds(10));

        AssertLine($"HTTP is ready at https://localhost:{server.HttpsPort} (this machine only), http://localhost:{server.HttpPort} (this machine only)");
        AssertLine($"MQTT is ready at mqtt://localhost:{server.MqttPort} (this machine only), mqtts://*:{server.TlsPort} (any address)");
        AssertLine($"The database is ready: SQLite in {server.DataDirectory}");
        AssertLine("The cluster is ready: mdm, with this silo at 127.0.0.1:");
        AssertLine($"The administrator key is in {Path.Combine(server.DataDirectory, "admin-key")}");

        void AssertLine(string text) => Assert.Single(server.Output.Split('\n'), line => line.Contains(text, StringComparison.Ordinal));
    }
}
