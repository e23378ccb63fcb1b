using System.Net;
using System.Text.Json;
using MdmOrleans.Core.History;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>Each role in a process of its own: a command crosses from one to the other, and each of them may die on the way.</summary>
[Collection(AloneCollection.Name)]
public sealed class SplitRolesTests
{
    private const string Tenant = "acme";
    private const int Devices = 40;
    private const int CheckInsBetween = 100;

    // Few enough that all of them stay with the twin, where the audit looks for them.
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A command may be shown again behind its report here: a push between two processes may be overtaken by what it announces.
    [Fact]
    public async Task A_killed_gateway_killed_twins_and_a_killed_database_lose_no_command_and_apply_none_twice()
    {
        await using var fixture = new PostgresFixture();
        await using var database = new PostgresDatabase(fixture);
        await database.InitializeAsync();
        var postgres = await fixture.GetAsync();
        await using var api = await StartAsync(database, "api");
        await using var twins = await StartAsync(database, "twins");
        await using var otherTwins = await StartAsync(database, "twins");
        await using var gateway = await StartAsync(database, "gateway");
        await api.Api.PutTenantAsync(Tenant);
        await using var fleet = await Fleet.RegisterAsync(api.Api, gateway.MqttPort, Tenant, Devices);
        fleet.Start();
        await fleet.AcknowledgedAsync(CheckInsBetween);

        using var enough = new CancellationTokenSource();
        var queueing = Task.WhenAll(fleet.Records.Select(record => QueueAsync(api, record, enough.Token)));
        foreach (var victim in new[] { gateway, twins, gateway, otherTwins })
        {
            await victim.KillAsync();
            await victim.StartAsync();
            await fleet.AcknowledgedAsync(CheckInsBetween);
        }

        await postgres.KillAsync();
        await postgres.StartAsync();
        await fleet.AcknowledgedAsync(CheckInsBetween);
        await enough.CancelAsync();
        var queued = await queueing.WaitAsync(Patience, Cancellation);
        await Eventually.TrueAsync(
            async () => (await api.Api.TwinsAsync(Tenant)).Items.All(twin => twin.PendingCommands == 0), "every command was obeyed", Patience);
        await fleet.StopAsync();

        await Audit.NothingIsLostAsync(api.Api, fleet.Records);
        foreach (var (record, commands) in fleet.Records.Zip(queued))
        {
            Assert.NotEmpty(commands);
            Assert.Equal(commands.Order(), await SucceededAsync(api, record));
            Assert.Subset(commands.ToHashSet(), record.Reported);
        }
    }

    /// <summary>By the history, in which each may end once.</summary>
    private static async Task<IEnumerable<string>> SucceededAsync(ServerProcess api, FleetRecord record)
    {
        var ends = (await api.Api.HistoryAsync(Tenant, record.Device))
            .Where(entry => entry is { Kind: EventKinds.CommandStatusChanged, To: "succeeded" })
            .Select(entry => JsonDocument.Parse(entry.Detail.Utf8).RootElement.GetProperty("command").GetString()!); // each names its command
        return ends.Order();
    }

    /// <summary>As a careful caller does: what was not answered is asked again, under the same key.</summary>
    private static async Task<List<string>> QueueAsync(ServerProcess api, FleetRecord record, CancellationToken enough)
    {
        var ids = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            try
            {
                ids.Add((await api.Api.QueueCommandOnceAsync(Tenant, record.Device, $"{record.Device}-{ids.Count}")).Id.ToString());
            }
            catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
            {
                // the device is behind, or its twin is moving
            }

            await Task.Delay(Pace, TimeProvider.System, Cancellation);
        }

        return ids;
    }

    private static Task<ServerProcess> StartAsync(PostgresDatabase database, string role) =>
        ServerProcess.StartAsync(database, new KeyValuePair<string, string>("Roles", role));
}
