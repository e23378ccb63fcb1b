using MdmOrleans.Contracts;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>SIGTERM: the server says goodbye, keeps what it promised and what it only remembered. Derived once per database.</summary>
public abstract class GracefulStopTests(ITestDatabase database)
{
    private const string Tenant = "acme";
    private const string Quiet = "quiet-1";
    private const int Devices = 100;
    private const int LoadBefore = 1000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Devices_are_told_and_nothing_is_lost_not_even_the_time_last_seen()
    {
        await using var server = await ServerProcess.StartAsync(database);
        await server.Api.PutTenantAsync(Tenant);
        var token = await server.Api.CreateDeviceAsync(Tenant, Quiet);
        await using var quiet = await FleetConnection.OpenAsync(server.MqttPort, Cancellation);
        await using var fleet = await Fleet.RegisterAsync(server, Tenant, Devices);
        fleet.Start();
        await fleet.AcknowledgedAsync(LoadBefore);

        await quiet.SendAsync(Packets.Connect(5, $"{Tenant}:{Quiet}", password: token), Cancellation);
        await CheckInAsync(quiet, 1, "16.5");
        var stored = await server.Api.TwinAsync(Tenant, Quiet);
        await CheckInAsync(quiet, 2, "16.5"); // changes nothing but the time last seen: acknowledged from memory
        var remembered = await server.Api.TwinAsync(Tenant, Quiet);
        var exitCode = await server.TerminateAsync();

        Assert.Equal(0, exitCode);
        var toldByMqtt5 = fleet.Records.Where(record => record.Version == 5).Select(record => record.Refusals);
        Assert.All(toldByMqtt5, refusals => Assert.Contains(("disconnect", (byte)0x8B), refusals));
        await server.StartAsync();
        await fleet.StopAsync();
        await Audit.NothingIsLostAsync(server, fleet.Records);
        var found = await server.Api.TwinAsync(Tenant, Quiet);
        Assert.True(remembered.LastCheckInAt > stored.LastCheckInAt);
        Assert.Equal((remembered.Version, remembered.LastCheckInAt), (found.Version, found.LastCheckInAt));
        await using var again = await FleetConnection.OpenAsync(server.MqttPort, Cancellation);
        await again.SendAsync(Packets.Connect(5, $"{Tenant}:{Quiet}", password: token), Cancellation);
        await CheckInAsync(again, 2, "17.0");
        Assert.Equal("16.5", (await server.Api.TwinAsync(Tenant, Quiet)).OsVersion);
    }

    private static async Task CheckInAsync(FleetConnection connection, ushort seq, string osVersion)
    {
        var payload = $$"""{"boot":"b1","seq":{{seq}},"platform":"android","osVersion":"{{osVersion}}","encryptionStatus":"encrypted"}""";
        await connection.SendAsync(Packets.Publish(5, Topics.CheckInUp(Topics.Root(Tenant, Quiet)), payload, seq), Cancellation);
        Received? packet;
        do
        {
            packet = await connection.ReadAsync(Cancellation);
        }
        while (packet is not null and not { Header: 0x40 });
        Assert.True(packet is { Body: [_, _] or [_, _, 0, ..] }, "the check-in was not acknowledged");
    }
}

[Collection(AloneCollection.Name)]
public sealed class SqliteGracefulStopTests(SqliteDatabase database) : GracefulStopTests(database), IClassFixture<SqliteDatabase>;

[Collection(AloneCollection.Name)]
public sealed class PostgresGracefulStopTests(PostgresDatabase database) : GracefulStopTests(database), IClassFixture<PostgresDatabase>;
