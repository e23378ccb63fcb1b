using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using MdmOrleans.Contracts.Http.Devices;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.EndToEnd;

/// <summary>The README's five-minute tour: a stranger with curl and Debian's mosquitto clients.</summary>
[SupportedOSPlatform("linux")]
public sealed class TourTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>, IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private ServerProcess _server = null!; // set in InitializeAsync

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(database);
        if (await _server.Api.StatusAsync($"/v1/tenants/{Tenant}") == HttpStatusCode.NotFound) // the tests share the database
        {
            await _server.Api.PutTenantAsync(Tenant);
        }

        await _server.Api.PutPolicyAsync(
            Tenant,
            "baseline",
            """
            { "name": "Baseline", "graceHours": 48, "rules": [
              { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "16.5" }, "remediation": "Update to {{expected}}." } ] }
            """);
        await _server.Api.PutTenantAsync(Tenant, """{ "name": "Acme", "defaultPolicy": "baseline" }""");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_device_is_checked_in_by_hand_and_falls_behind_its_policy(string protocol)
    {
        var device = $"by-hand-{protocol}";
        using var client = new MosquittoClient(_server, Tenant, device, await _server.Api.CreateDeviceAsync(Tenant, device), protocol);

        var good = await client.CheckInAsync(ACheckIn("r1", "16.5"));
        var compliant = await TwinAsync(device);
        var bad = await client.CheckInAsync(ACheckIn("r2", "16.4"));
        var late = await TwinAsync(device);

        Assert.Equal(("r1", "compliant"), Verdict(good));
        Assert.Equal(("Active", "compliant", "allow"), (compliant.Lifecycle, compliant.Compliance, compliant.Access));
        Assert.Equal(("r2", "inGracePeriod"), Verdict(bad));
        Assert.Equal(("Active", "inGracePeriod", "allow"), (late.Lifecycle, late.Compliance, late.Access));
        var finding = Assert.Single(late.Findings);
        Assert.Equal(("os-minimum", ">= 16.5", "16.4"), (finding.Rule, finding.Expected, finding.Actual));
        Assert.Equal("Update to 16.5 or later.", finding.Remediation);
        Assert.Equal(late.NoncompliantSince + TimeSpan.FromHours(48), late.GraceEndsAt);
    }

    [Theory]
    [InlineData("mqttv311")]
    [InlineData("mqttv5")]
    public async Task A_command_reaches_whoever_subscribes_and_its_report_is_seen(string protocol)
    {
        var device = $"commanded-{protocol}";
        using var client = new MosquittoClient(_server, Tenant, device, await _server.Api.CreateDeviceAsync(Tenant, device), protocol);
        await using var subscriber = client.Subscribe();
        await Eventually.TrueAsync(async () => (await TwinAsync(device)).Connected, "the device was connected", Patience);

        var command = await _server.Api.QueueCommandAsync(Tenant, device, """{ "kind": "message", "parameters": { "text": "Hello" } }""");
        var received = (await MosquittoClient.OutputAsync(subscriber)).Split(' ', 2);
        await Eventually.TrueAsync(async () => await StatusAsync(device, command.Id) == "sent", "the command was sent", Patience);
        await client.ReportAsync(command.Id.ToString(), """{ "status": "succeeded", "result": { "read": true } }""");

        Assert.Equal($"mdm/v1/{Tenant}/{device}/dn/command/{command.Id}", received[0]);
        using var payload = JsonDocument.Parse(received[1]);
        Assert.Equal("Hello", payload.RootElement.GetProperty("parameters").GetProperty("text").GetString());
        var reported = await _server.Api.CommandAsync(Tenant, device, command.Id.ToString());
        Assert.Equal(("succeeded", 1), (reported.Status, reported.Attempts));
        using var result = JsonDocument.Parse(reported.Result.Utf8);
        Assert.True(result.RootElement.GetProperty("read").GetBoolean());
    }

    [Fact]
    public async Task The_agent_reports_the_machine_that_it_runs_on_and_runs_a_hook()
    {
        const string Device = "this-machine";
        var token = await _server.Api.CreateDeviceAsync(Tenant, Device);
        using var machine = new AgentDirectory();
        machine.AddHook("message", """
            #!/bin/sh
            cat > "$(dirname "$0")/../received.json"
            echo '{ "shown": true }'
            """);
        await using var agent = machine.Start(_server, Tenant, Device, token);
        await Eventually.TrueAsync(async () => (await TwinAsync(Device)).LastCheckInAt is not null, "the agent checked in", Patience);

        var command = await _server.Api.QueueCommandAsync(Tenant, Device, """{ "kind": "message", "parameters": { "text": "Hello" } }""");
        var unknown = await _server.Api.QueueCommandAsync(Tenant, Device, """{ "kind": "lock" }""");
        await Eventually.TrueAsync(async () => await StatusAsync(Device, command.Id) == "succeeded", "the hook ran", Patience);
        await Eventually.TrueAsync(async () => await StatusAsync(Device, unknown.Id) == "rejected", "the other was rejected", Patience);
        agent.AskToStop();

        Assert.Equal(0, await agent.ExitAsync(Patience));
        Assert.Contains("\"Hello\"", machine.Read("received.json"), StringComparison.Ordinal);
        var twin = await TwinAsync(Device);
        Assert.Equal("linux", twin.Platform);
        Assert.False(twin.Apps!.Value.Utf8.IsEmpty);
        await Eventually.TrueAsync(async () => !(await TwinAsync(Device)).Connected, "the agent was gone", Patience);
    }

    [Fact]
    public async Task An_agent_says_of_a_certificate_that_it_does_not_trust_what_to_do()
    {
        using var machine = new AgentDirectory();
        await using var agent = machine.Start($"mqtts://localhost:{_server.TlsPort}", Tenant, "this-machine", "secret");

        var line = await agent.LineAsync(line => line.Contains("No connection", StringComparison.Ordinal), Patience);

        Assert.Contains("the server's certificate is not trusted here; give its issuer as a trusted root (--ca)", line, StringComparison.Ordinal);
    }

    private Task<TwinBody> TwinAsync(string device) => _server.Api.TwinAsync(Tenant, device);

    private async Task<string> StatusAsync(string device, Guid command) =>
        (await _server.Api.CommandAsync(Tenant, device, command.ToString())).Status;

    private static string ACheckIn(string rid, string osVersion) =>
        $$"""{ "rid": "{{rid}}", "platform": "android", "osVersion": "{{osVersion}}", "encryptionStatus": "encrypted" }""";

    private static (string? Rid, string? Compliance) Verdict(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return (json.RootElement.GetProperty("rid").GetString(), json.RootElement.GetProperty("compliance").GetString());
    }
}
