using System.Diagnostics;
using System.Net;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>The database goes away for a while: first it hangs, then it is gone.</summary>
[Collection(AloneCollection.Name)]
public sealed class OutageTests
{
    private const string Tenant = "acme";
    private const int Devices = 200;
    private const int LoadBefore = 1000;
    private const long AllowedGrowth = 256L * 1024 * 1024;
    private static readonly TimeSpan HalfOfTheOutage = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    // What the machine itself may be late, with everything on two cores.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Twenty_seconds_without_PostgreSQL_lose_nothing_and_everybody_recovers_by_himself()
    {
        await using var fixture = new PostgresFixture();
        await using var database = new PostgresDatabase(fixture);
        await database.InitializeAsync();
        var postgres = await fixture.GetAsync();
        await using var server = await ServerProcess.StartAsync(database);
        await server.Api.PutTenantAsync(Tenant);
        await using var fleet = await Fleet.RegisterAsync(server, Tenant, Devices);
        fleet.Start();
        await fleet.AcknowledgedAsync(LoadBefore);
        var before = server.ResidentBytes();

        postgres.Freeze();
        await Eventually.TrueAsync(() => AnswersAsync(server, HttpStatusCode.ServiceUnavailable), "the server was not ready", Promise);
        var whileFrozen = await WatchAsync(server, HalfOfTheOutage);
        await postgres.KillAsync();
        var whileGone = await WatchAsync(server, HalfOfTheOutage);
        await postgres.StartAsync();
        await Eventually.TrueAsync(server.IsReadyAsync, "the server was ready again", Promise + Promise);
        await fleet.AcknowledgedAsync(LoadBefore);
        await fleet.StopAsync();

        Assert.All([.. whileFrozen, .. whileGone], seen => Assert.Equal(HttpStatusCode.ServiceUnavailable, seen.Readiness));
        Assert.All([.. whileFrozen, .. whileGone], seen => Assert.InRange(seen.Resident, 0, before + AllowedGrowth));
        Assert.All(fleet.Records, record => Assert.InRange(record.SlowestAnswer, TimeSpan.Zero, Promise + Lateness));
        Assert.All(fleet.Records.Where(record => record.Version == 5), record => Assert.Contains(("publish", (byte)0x80), record.Refusals));
        Assert.DoesNotContain(fleet.Records, record => record.Version == 4 && record.Refusals.Exists(r => r.What == "publish"));
        await Audit.NothingIsLostAsync(server, fleet.Records);
        Assert.All(fleet.Records, record => Assert.Empty(record.AskedAgain));
    }

    private static async Task<List<(HttpStatusCode Readiness, long Resident)>> WatchAsync(ServerProcess server, TimeSpan duration)
    {
        var seen = new List<(HttpStatusCode, long)>();
        var startedAt = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        while (Stopwatch.GetElapsedTime(startedAt) < duration)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            seen.Add((await server.Api.StatusAsync("healthz/ready"), server.ResidentBytes()));
        }

        return seen;
    }

    private static async Task<bool> AnswersAsync(ServerProcess server, HttpStatusCode expected) =>
        await server.Api.StatusAsync("healthz/ready") == expected;
}
