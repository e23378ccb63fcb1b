using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>What the server may not lose, whatever happens to its process. Derived once per database.</summary>
public abstract class SurvivalTests(ITestDatabase database)
{
    private const string Tenant = "acme";
    private const int Kills = 10;
    private const int Devices = 200;
    private const int AcknowledgedBetweenKills = 1000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_kills_under_load_lose_nothing_that_was_acknowledged_and_ask_for_nothing_again()
    {
        await using var server = await ServerProcess.StartAsync(database);
        await server.Api.PutTenantAsync(Tenant);
        await using var fleet = await Fleet.RegisterAsync(server, Tenant, Devices);
        var queued = new List<(string Device, Guid Command)>();

        fleet.Start();
        for (var kill = 0; kill < Kills; kill++)
        {
            var operators = QueueCommandsAsync(server, fleet.Records.Skip(kill * Devices / Kills).Take(Devices / Kills), queued);
            await fleet.AcknowledgedAsync(AcknowledgedBetweenKills);
            await server.KillAsync();
            await operators;
            await server.StartAsync();
        }

        await fleet.AcknowledgedAsync(AcknowledgedBetweenKills);
        await fleet.StopAsync();

        await Audit.NothingIsLostAsync(server, fleet.Records);
        Assert.All(fleet.Records, record => Assert.Empty(record.AskedAgain));
        Assert.NotEmpty(fleet.Records.SelectMany(record => record.Reported));
        foreach (var (device, command) in queued)
        {
            Assert.Equal(command, (await server.Api.CommandAsync(Tenant, device, command.ToString())).Id);
        }

        foreach (var record in fleet.Records.Take(20))
        {
            await ARepetitionChangesNothingAsync(server, record);
        }
    }

    /// <summary>As the operators of a fleet do: one after the other, until the server is gone. What was answered counts.</summary>
    private static async Task QueueCommandsAsync(
        ServerProcess server, IEnumerable<FleetRecord> devices, List<(string Device, Guid Command)> queued)
    {
        try
        {
            foreach (var record in devices)
            {
                queued.Add((record.Device, (await server.Api.QueueCommandAsync(record.Tenant, record.Device)).Id));
            }
        }
        catch (HttpRequestException)
        {
            return; // killed
        }
    }

    /// <summary>Says something else under the number of a check-in that was acknowledged before a kill.</summary>
    private static async Task ARepetitionChangesNothingAsync(ServerProcess server, FleetRecord record)
    {
        var before = await server.Api.TwinAsync(record.Tenant, record.Device);
        var payload = $$"""
            {"boot":"{{record.Boot}}","seq":{{record.Acknowledged[^1]}},"platform":"ios","osVersion":"1.0","encryptionStatus":"unencrypted"}
            """;

        await using var client = await FleetConnection.OpenAsync(server.MqttPort, Cancellation);
        await client.SendAsync(Packets.Connect(5, $"{record.Tenant}:{record.Device}", password: record.Token), Cancellation);
        Assert.Equal((byte?)0x20, (await client.ReadAsync(Cancellation))?.Header);
        await client.SendAsync(Packets.Publish(5, $"mdm/v1/{record.Tenant}/{record.Device}/up/checkin", payload), Cancellation);
        var ack = await client.ReadAsync(Cancellation);

        Assert.Equal(0x40, ack!.Header);
        Assert.True(ack.Body.Length < 3 || ack.Body[2] == 0, "a repetition is a success");
        var after = await server.Api.TwinAsync(record.Tenant, record.Device);
        Assert.Equal((before.Version, before.OsVersion, before.Platform), (after.Version, after.OsVersion, after.Platform));
    }
}

[Collection(AloneCollection.Name)]
public sealed class SqliteSurvivalTests(SqliteDatabase database) : SurvivalTests(database), IClassFixture<SqliteDatabase>;

[Collection(AloneCollection.Name)]
public sealed class PostgresSurvivalTests(PostgresDatabase database) : SurvivalTests(database), IClassFixture<PostgresDatabase>;
