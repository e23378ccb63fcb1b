using System.Globalization;
using System.Text.Json;
using MdmOrleans.Integration.Tests.Hosting;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>By hand, with the tools that everybody has.</summary>
public sealed class MosquittoTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServerProcess _server = fixture.Server;

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task A_device_checks_in_and_sees_its_verdict(string version)
    {
        var device = $"byhand-{version}";
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, device);

        await using var tool = Run("mosquitto_rr", device, token, version,
            "-t", Up(device, "checkin"), "-e", $"mdm/v1/acme/{device}/dn/checkin", "-q", "1", "-W", "15", "-m", CheckInTests.Payload);

        Assert.Equal(0, await tool.ExitAsync(Patience));
        var verdict = JsonDocument.Parse(tool.Output).RootElement;
        Assert.Equal(("r1", "Active", "compliant", "allow"), (Text(verdict, "rid"), Text(verdict, "lifecycle"), Text(verdict, "compliance"), Text(verdict, "access")));
    }

    [Theory]
    [InlineData("311")]
    [InlineData("5")]
    public async Task A_device_receives_a_command_and_reports_on_it(string version)
    {
        var device = $"commanded-{version}";
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, device);
        var command = await _server.Api.QueueCommandAsync(ServerFixture.Tenant, device, """{ "kind": "lock", "parameters": { "pin": 1 } }""");

        await using var listener = Run("mosquitto_sub", device, token, version, "-t", $"mdm/v1/acme/{device}/dn/#", "-C", "1", "-W", "15");
        Assert.Equal(0, await listener.ExitAsync(Patience));
        var sent = await CommandOnceAsync(device, command.Id.ToString(), "sent");
        await using var reporter = Run("mosquitto_pub", device, token, version,
            "-t", Up(device, $"command/{command.Id}"), "-q", "1", "-m", """{"status":"succeeded","result":{"locked":true}}""");
        Assert.Equal(0, await reporter.ExitAsync(Patience));

        var delivered = JsonDocument.Parse(listener.Output).RootElement;
        Assert.Equal((command.Id.ToString(), "lock", 1), (Text(delivered, "id"), Text(delivered, "kind"), delivered.GetProperty("parameters").GetProperty("pin").GetInt32()));
        Assert.Equal("sent", sent);
        Assert.Equal("succeeded", (await _server.Api.CommandAsync(ServerFixture.Tenant, device, command.Id.ToString())).Status);
    }

    [Fact]
    public async Task Ten_messages_in_flight_of_an_old_client_are_all_acknowledged()
    {
        const string Device = "pipelined";
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, Device);
        var lines = Path.GetTempFileName();
        await File.WriteAllLinesAsync(lines, Enumerable.Range(1, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"n\":{i}}}")), TestContext.Current.CancellationToken);

        await using var tool = ChildProcess.Start("sh", ["-c", $"mosquitto_pub -p {_server.MqttPort} -i acme:{Device} -u acme:{Device} -P \"$TOKEN\" -V 311 -q 1 -l -t {Up(Device, "event/counted")} < {lines}"],
            [new("TOKEN", token)]);

        Assert.Equal(0, await tool.ExitAsync(Patience));
        File.Delete(lines);
        var events = await _server.Api.HistoryAsync(ServerFixture.Tenant, Device);
        Assert.Equal(100, events.Count(e => (e.Kind, e.Reason) == ("deviceReported", "counted")));
    }

    [Theory]
    [InlineData("311", true, "will")]
    [InlineData("5", true, "will")]
    [InlineData("5", false, "socket")]
    public async Task A_client_that_is_killed_is_in_the_history_and_one_that_leaves_is_not(string version, bool hasWill, string reason)
    {
        var device = $"killed-{version}-{hasWill}";
        var token = await _server.Api.CreateDeviceAsync(ServerFixture.Tenant, device);
        string[] will = hasWill ? ["--will-topic", Up(device, "will"), "--will-payload", "gone", "--will-qos", "1"] : [];
        await using (var polite = Run("mosquitto_pub", device, token, version, ["-t", Up(device, "event/hello"), "-q", "1", "-m", "{}", .. will]))
        {
            Assert.Equal(0, await polite.ExitAsync(Patience));
        }

        await using var killed = Run("mosquitto_sub", device, token, version, ["-t", $"mdm/v1/acme/{device}/dn/#", "-W", "60", .. will]);
        await Eventually.TrueAsync(async () => (await _server.Api.TwinAsync(ServerFixture.Tenant, device)).Connected, "mosquitto connects", Patience);
        await killed.KillAsync();

        await Eventually.TrueAsync(async () => (await LossesAsync(device)).Length > 0, "the loss is in the history", Patience);
        Assert.Equal([reason], await LossesAsync(device));
    }

    private async Task<string?[]> LossesAsync(string device) =>
        [.. (await _server.Api.HistoryAsync(ServerFixture.Tenant, device)).Where(e => e.Kind == "connectionLost").Select(e => e.Reason)];

    private async Task<string> CommandOnceAsync(string device, string id, string status)
    {
        var seen = string.Empty;
        await Eventually.TrueAsync(
            async () => (seen = (await _server.Api.CommandAsync(ServerFixture.Tenant, device, id)).Status) == status, $"the command was {status}", Patience);
        return seen;
    }

    private ChildProcess Run(string tool, string device, string token, string version, params string[] more) => ChildProcess.Start(
        tool, ["-p", _server.MqttPort.ToString(CultureInfo.InvariantCulture), "-V", version, "-i", $"acme:{device}", "-u", $"acme:{device}", "-P", token, .. more]);

    private static string Up(string device, string channel) => $"mdm/v1/acme/{device}/up/{channel}";

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
