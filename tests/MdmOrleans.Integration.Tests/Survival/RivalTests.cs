using System.Net.Sockets;
using MdmOrleans.Contracts;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>Two sessions of one device: one wins, and the loser changes nothing any more. Derived once per database.</summary>
public abstract class RivalTests(ITestDatabase database) : IAsyncLifetime
{
    private const string Tenant = "acme";
    private const string Device = "tablet-7";
    private const int Rounds = 40;
    private static readonly string Root = Topics.Root(Tenant, Device);

    private ServerProcess _server = null!; // set in InitializeAsync, as is the token
    private string _token = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartAsync(database);
        await _server.Api.PutTenantAsync(Tenant);
        _token = await _server.Api.CreateDeviceAsync(Tenant, Device);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_loser_s_will_disconnect_and_late_reports_change_nothing_and_everything_acknowledged_stays()
    {
        var command = await _server.Api.QueueCommandAsync(Tenant, Device);
        await using (var loser = await ConnectAsync())
        await using (var winner = await ConnectAsync())
        {
            await ExpectTakenOverAsync(loser);
            await SayAsync(loser, Packets.Publish(5, Topics.CommandUp(Root, command.Id.ToString()), """{ "status": "succeeded" }""", 11));
            await SayAsync(loser, CheckIn("6.6.6", 12));
            await SayAsync(loser, Packets.Publish(5, Topics.EventUp(Root, "doorOpened"), "{}", 13));
            await loser.DisposeAsync(); // without a goodbye: its will would be due

            await winner.SendAsync(CheckIn("1.0.0", 1), Cancellation);
            Assert.Equal(0, await AckAsync(winner, 1)); // behind everything that the loser said

            var twin = await _server.Api.TwinAsync(Tenant, Device);
            var history = await _server.Api.HistoryAsync(Tenant, Device);
            Assert.True(twin.Connected);
            Assert.Equal("1.0.0", twin.OsVersion);
            Assert.True((await _server.Api.CommandAsync(Tenant, Device, command.Id.ToString())).Status is "queued" or "sent");
            Assert.DoesNotContain(history, entry => entry.Kind is EventKinds.DeviceReported or EventKinds.LateCommandReport);
            Assert.Single(history, entry => entry.Kind == EventKinds.PostureChanged);
        }

        var promised = await Task.WhenAll(FightAsync(2), FightAsync(3));
        await using var last = await ConnectAsync();
        await last.SendAsync(CheckIn("9.9.9", 1), Cancellation);
        Assert.Equal(0, await AckAsync(last, 1));

        var end = await _server.Api.TwinAsync(Tenant, Device);
        var whole = await _server.Api.HistoryAsync(Tenant, Device);
        var stored = whole.Where(entry => entry.Kind == EventKinds.PostureChanged).Select(Audit.OsVersionOf).ToList();
        Audit.IsWhole(DeviceId.Parse($"{Tenant}/{Device}"), whole);
        Audit.TwinAgreesWithHistory(end, whole);
        Assert.Equal(("9.9.9", true), (end.OsVersion, end.Connected));
        Assert.All(promised.SelectMany(versions => versions), version => Assert.Single(stored, version));
        Assert.NotEmpty(promised[0].Concat(promised[1]));
    }

    /// <summary>Connects, checks in at once, is thrown out or not, and connects again. Returns what was acknowledged.</summary>
    private async Task<List<string>> FightAsync(int rival)
    {
        var promised = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var connection = await FleetConnection.OpenAsync(_server.MqttPort, Cancellation);
            try
            {
                await connection.SendAsync(Connect(), Cancellation);
                await connection.SendAsync(CheckIn($"{rival}.0.{round}", 1), Cancellation);
                if (await connection.ReadAsync(Cancellation) is { Header: 0x20, Body: [_, 0, ..] } && await AckAsync(connection, 1) == 0)
                {
                    promised.Add($"{rival}.0.{round}");
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                continue; // thrown out while it spoke
            }
        }

        return promised;
    }

    private async Task<FleetConnection> ConnectAsync()
    {
        var connection = await FleetConnection.OpenAsync(_server.MqttPort, Cancellation);
        await connection.SendAsync(Connect(), Cancellation);
        Assert.True(await connection.ReadAsync(Cancellation) is { Header: 0x20, Body: [_, 0, ..] });
        return connection;
    }

    private byte[] Connect()
    {
        const byte CleanStartAndWill = 0x02 | 0x04;
        var will = Packets.Will(5, Topics.Will(Root), "{}");
        return Packets.Connect(5, $"{Tenant}:{Device}", password: _token, flags: CleanStartAndWill, will: will);
    }

    private static byte[] CheckIn(string osVersion, ushort packetId) => Packets.Publish(
        5, Topics.CheckInUp(Root), $$"""{"platform":"android","osVersion":"{{osVersion}}","encryptionStatus":"encrypted"}""", packetId);

    private static async Task ExpectTakenOverAsync(FleetConnection loser)
    {
        while (await loser.ReadAsync(Cancellation) is { } packet)
        {
            if (packet is { Header: 0xE0, Body: [0x8E, ..] })
            {
                return;
            }
        }

        Assert.Fail("The older session was not told that it was taken over.");
    }

    /// <summary>The code of the acknowledgment; null when the connection ended instead.</summary>
    private static async Task<int?> AckAsync(FleetConnection connection, ushort packetId)
    {
        while (await connection.ReadAsync(Cancellation) is { } packet)
        {
            if (packet.Header == 0x40 && packet.PacketId == packetId)
            {
                return packet.Body.Length > 2 ? packet.Body[2] : 0;
            }
        }

        return null;
    }

    // The server has closed its end, or is about to: both are a way not to listen.
    private static async Task SayAsync(FleetConnection connection, byte[] packet)
    {
        try
        {
            await connection.SendAsync(packet, Cancellation);
        }
        catch (SocketException)
        {
            return;
        }
    }
}

[Collection(AloneCollection.Name)]
public sealed class SqliteRivalTests(SqliteDatabase database) : RivalTests(database), IClassFixture<SqliteDatabase>;

[Collection(AloneCollection.Name)]
public sealed class PostgresRivalTests(PostgresDatabase database) : RivalTests(database), IClassFixture<PostgresDatabase>;
