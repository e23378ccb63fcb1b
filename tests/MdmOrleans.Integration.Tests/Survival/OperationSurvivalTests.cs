using System.Net;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>Operations of which the process is killed while they ask. They mostly wait: others may run beside them.</summary>
public sealed class OperationSurvivalTests(SqliteDatabase embedded, PostgresDatabase shared) : IClassFixture<SqliteDatabase>, IClassFixture<PostgresDatabase>
{
    private const string Tenant = "acme";
    private const int Devices = 60;
    private const int Operations = 6;

    // A dead process is noticed within half a minute, and a reminder wakes an operation a quarter of a minute later.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task One_goes_on_by_itself_when_its_server_comes_back_and_asks_nobody_twice()
    {
        await using var server = await ServerProcess.StartAsync(embedded);
        await server.Api.PutTenantAsync(Tenant);
        await using var fleet = await Fleet.RegisterAsync(server.Api, server.MqttPort, Tenant, Devices);
        await server.Api.QueueCommandsAsync(Tenant, """{ "kind": "message", "filter": {}, "ratePerSecond": 10, "waves": [100] }""");
        await ReachesAsync(server, Devices / 4);

        await server.KillAsync();
        await server.StartAsync();
        var before = await CountReachedAsync(server);
        await ReachesAsync(server, Devices);

        Assert.InRange(before, Devices / 4, Devices - 1);
        await NobodyWasAskedTwiceAsync(server, fleet);
    }

    [Fact]
    public async Task Those_of_a_server_that_does_not_come_back_go_on_elsewhere()
    {
        await using var server = await ServerProcess.StartAsync(shared);
        await using var other = await ServerProcess.StartAsync(shared);
        await server.Api.PutTenantAsync(Tenant);
        await using var fleet = await Fleet.RegisterAsync(server.Api, server.MqttPort, Tenant, Devices);
        foreach (var part in fleet.Records.Chunk(Devices / Operations)) // some of them are on the one, some on the other
        {
            var names = string.Join(", ", part.Select(record => $"\"{record.Device}\""));
            await server.Api.QueueCommandsAsync(
                Tenant, $$"""{ "kind": "message", "filter": { "devices": [{{names}}] }, "ratePerSecond": 1, "waves": [100] }""");
        }

        await ReachesAsync(server, Devices / 4);
        await other.KillAsync();
        await ReachesAsync(server, Devices);

        await NobodyWasAskedTwiceAsync(server, fleet);
    }

    private static async Task NobodyWasAskedTwiceAsync(ServerProcess server, Fleet fleet)
    {
        foreach (var record in fleet.Records)
        {
            Assert.Equal(1, (await server.Api.TwinAsync(record.Tenant, record.Device)).PendingCommands);
            Assert.Single(await server.Api.HistoryAsync(record.Tenant, record.Device), e => e.Kind == "commandQueued");
        }
    }

    /// <summary>Asks the database and not the operation: to ask it would wake it.</summary>
    private static Task ReachesAsync(ServerProcess server, int devices) => Eventually.TrueAsync(
        async () => await CountReachedAsync(server) >= devices, $"{devices} devices were reached", Patience);

    private static async Task<int> CountReachedAsync(ServerProcess server)
    {
        try
        {
            return (await server.Api.TwinsAsync(Tenant)).Items.Count(twin => twin.PendingCommands > 0);
        }
        catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.ServiceUnavailable)
        {
            return 0; // until the dead process is noticed, nobody can say who is connected there
        }
    }
}
