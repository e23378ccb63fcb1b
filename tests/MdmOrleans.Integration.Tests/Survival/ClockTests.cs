using System.Net;
using MdmOrleans.Contracts;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>A real server whose clock somebody sets: by libfaketime, which leaves the clocks of durations alone.</summary>
[Collection(AloneCollection.Name)]
public sealed class ClockTests(SqliteDatabase sqlite) : IClassFixture<SqliteDatabase>, IDisposable
{
    private const string Tenant = "acme";
    private const string Device = "tablet-7";
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _clock = Path.GetTempFileName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(_clock);

    [Fact]
    public async Task A_clock_that_jumps_turns_readiness_off_and_stops_neither_devices_nor_operators_and_a_step_back_over_a_restart_is_confirmed()
    {
        await SetAsync("+0");
        await using var server = await StartAsync(sqlite);
        await server.Api.PutTenantAsync(Tenant);
        var token = await server.Api.CreateDeviceAsync(Tenant, Device);
        await using var connection = await ConnectAsync(server, token);
        foreach (var clock in new[] { "+3d", "-1h", "-3d" })
        {
            await SetAsync(clock);
            await Eventually.TrueAsync(() => ComplainsOnlyAsync(server), "the server doubted its clock", Patience);

            Assert.Equal(0, await CheckInAsync(connection, "1.0"));
            var created = $"new{clock.Replace('+', 'p')}";
            await (await ConnectAsync(server, await server.Api.CreateDeviceAsync(Tenant, created), created)).DisposeAsync();
        }

        await SetAsync("+0");
        await Eventually.TrueAsync(server.IsReadyAsync, "the server believed its clock", Patience);
        await server.KillAsync();
        await SetAsync("-3d");
        await server.StartAsync(() => ComplainsOnlyAsync(server));
        await using var again = await ConnectAsync(server, token);
        Assert.Equal(0, await CheckInAsync(again, "2.0"));
        Assert.Equal(HttpStatusCode.OK, await server.Api.PostAsync("v1/clock/confirm"));

        await Eventually.TrueAsync(server.IsReadyAsync, "the server believed its clock", Patience);
        Assert.Equal(0, await CheckInAsync(again, "3.0"));
        var instants = (await server.Api.HistoryAsync(Tenant, Device)).Select(entry => entry.RecordedAt).ToList();
        Assert.Equal(instants.Order(), instants);
    }

    /// <param name="isUp">Null: ready.</param>
    private Task<ServerProcess> StartAsync(ITestDatabase database, Func<ServerProcess, Task<bool>>? isUp = null) => ServerProcess.StartAsync(
        [],
        isUp ?? (server => server.IsReadyAsync()),
        [
            .. database.Settings,
            new("LD_PRELOAD", Library),
            new("FAKETIME_TIMESTAMP_FILE", _clock),
            new("FAKETIME_CACHE_DURATION", "1"),
            new("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ]);

    [Fact]
    public async Task Two_servers_whose_clocks_are_ten_minutes_apart_refuse_neither_a_device_of_the_other_nor_an_operator()
    {
        await using var fixture = new PostgresFixture();
        await using var database = new PostgresDatabase(fixture);
        await database.InitializeAsync();
        await using var right = await ServerProcess.StartAsync(database);
        await SetAsync("+10m");
        await using var ahead = await StartAsync(database, ComplainsOnlyAsync);
        await right.Api.PutTenantAsync(Tenant);
        var token = await right.Api.CreateDeviceAsync(Tenant, Device);
        FleetConnection? before = null;
        foreach (var (server, osVersion) in new[] { (ahead, "1.0"), (right, "2.0"), (ahead, "3.0"), (right, "4.0") })
        {
            var connection = await ConnectAsync(server, token);

            Assert.Equal(0, await CheckInAsync(connection, osVersion));
            Assert.Null(before is null ? null : await CheckInAsync(before, "6.6.6"));
            await (before?.DisposeAsync() ?? ValueTask.CompletedTask);
            before = connection;
        }

        await before!.DisposeAsync(); // four were made
        Assert.Equal("4.0", (await right.Api.TwinAsync(Tenant, Device)).OsVersion);
        Assert.True(await right.IsReadyAsync());
        var instants = (await right.Api.HistoryAsync(Tenant, Device)).Select(entry => entry.RecordedAt).ToList();
        Assert.Equal(instants.Order(), instants);
    }

    /// <summary>True when all is well but the clock.</summary>
    private static async Task<bool> ComplainsOnlyAsync(ServerProcess server) =>
        await server.ComplaintAsync() is { } complaint && complaint.Contains("Not ready: clock (", StringComparison.Ordinal)
            && complaint.Contains("confirm.).", StringComparison.Ordinal);

    private Task SetAsync(string offset) => File.WriteAllTextAsync(_clock, offset + "\n", Cancellation);

    private static async Task<FleetConnection> ConnectAsync(ServerProcess server, string token, string device = Device)
    {
        var connection = await FleetConnection.OpenAsync(server.MqttPort, Cancellation);
        await connection.SendAsync(Packets.Connect(5, $"{Tenant}:{device}", password: token), Cancellation);
        Assert.True(await connection.ReadAsync(Cancellation) is { Header: 0x20, Body: [_, 0, ..] });
        return connection;
    }

    /// <summary>The code of its acknowledgment; null when the connection ended instead.</summary>
    private static async Task<int?> CheckInAsync(FleetConnection connection, string osVersion)
    {
        var payload = $$"""{"platform":"android","osVersion":"{{osVersion}}","encryptionStatus":"encrypted"}""";
        await connection.SendAsync(Packets.Publish(5, Topics.CheckInUp(Topics.Root(Tenant, Device)), payload, 1), Cancellation);
        while (await connection.ReadAsync(Cancellation) is { } packet)
        {
            if (packet.Header == 0x40)
            {
                return packet.Body.Length > 2 ? packet.Body[2] : 0;
            }
        }

        return null;
    }
}
