using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>An operation over a server that is killed while it asks.</summary>
[Collection(AloneCollection.Name)]
public sealed class OperationSurvivalTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Tenant = "acme";
    private const int Devices = 60;

    // Its reminder wakes it within a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task It_goes_on_by_itself_after_a_kill_and_asks_nobody_twice()
    {
        await using var server = await ServerProcess.StartAsync(database);
        await server.Api.PutTenantAsync(Tenant);
        await using var fleet = await Fleet.RegisterAsync(server, Tenant, Devices);
        await server.Api.QueueCommandsAsync(Tenant, """{ "kind": "message", "filter": {}, "ratePerSecond": 10, "waves": [100] }""");
        await ReachesAsync(server, Devices / 4);

        await server.KillAsync();
        await server.StartAsync();
        var before = await CountReachedAsync(server);
        await ReachesAsync(server, Devices);

        Assert.InRange(before, Devices / 4, Devices - 1);
        foreach (var record in fleet.Records)
        {
            Assert.Equal(1, (await server.Api.TwinAsync(record.Tenant, record.Device)).PendingCommands);
            Assert.Single(await server.Api.HistoryAsync(record.Tenant, record.Device), e => e.Kind == "commandQueued");
        }
    }

    /// <summary>Asks the devices and not the operation: to ask it would wake it.</summary>
    private static Task ReachesAsync(ServerProcess server, int devices) => Eventually.TrueAsync(
        async () => await CountReachedAsync(server) >= devices, $"the operation reached {devices} devices", Patience);

    private static async Task<int> CountReachedAsync(ServerProcess server) =>
        (await server.Api.TwinsAsync(Tenant)).Items.Count(twin => twin.PendingCommands > 0);
}
