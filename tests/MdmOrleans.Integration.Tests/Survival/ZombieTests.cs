using System.Net.Sockets;
using MdmOrleans.Contracts;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>A server that was stopped, given up by its cluster, and comes back with everything in memory as it was.</summary>
[Collection(AloneCollection.Name)]
public sealed class ZombieTests
{
    private const string Tenant = "acme";
    private const string Device = "tablet-7";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_comes_back_after_its_eviction_acknowledges_no_check_in_from_memory()
    {
        await using var fixture = new PostgresFixture();
        await using var database = new PostgresDatabase(fixture);
        await database.InitializeAsync();
        await using var zombie = await ServerProcess.StartAsync(database);
        await zombie.Api.PutTenantAsync(Tenant);
        var token = await zombie.Api.CreateDeviceAsync(Tenant, Device);
        await using var superseded = await ConnectAsync(zombie, token) ?? throw new InvalidOperationException("The device was refused.");
        await CheckInAsync(superseded, "1.0", 1); // its twin is where it connected
        Assert.Equal(0, await AckAsync(superseded, 1));
        await using var living = await ServerProcess.StartAsync(database);

        ProcessSignal.Suspend(zombie.Id);
        await CheckInAsync(superseded, "1.0", 2); // changes nothing, and waits in the socket
        FleetConnection? current = null;
        await Eventually.TrueAsync(async () => (current = await ConnectAsync(living, token)) is not null, "the device connected elsewhere", TimeSpan.FromMinutes(1));
        await CheckInAsync(current!, "2.0", 1);
        Assert.Equal(0, await AckAsync(current!, 1));
        ProcessSignal.Resume(zombie.Id);

        Assert.NotEqual(0, await AckAsync(superseded, 2));
        await current!.DisposeAsync();
    }

    /// <summary>Null where it is refused.</summary>
    private static async Task<FleetConnection?> ConnectAsync(ServerProcess server, string token)
    {
        var connection = await FleetConnection.OpenAsync(server.MqttPort, Cancellation);
        await connection.SendAsync(Packets.Connect(5, $"{Tenant}:{Device}", password: token), Cancellation);
        if (await connection.ReadAsync(Cancellation) is { Header: 0x20, Body: [_, 0, ..] })
        {
            return connection;
        }

        await connection.DisposeAsync();
        return null;
    }

    private static async Task CheckInAsync(FleetConnection connection, string osVersion, ushort packetId)
    {
        var payload = $$"""{"platform":"android","osVersion":"{{osVersion}}","encryptionStatus":"encrypted"}""";
        await connection.SendAsync(Packets.Publish(5, Topics.CheckInUp(Topics.Root(Tenant, Device)), payload, packetId), Cancellation);
    }

    /// <summary>The code of the acknowledgment; null when the connection ended instead.</summary>
    private static async Task<int?> AckAsync(FleetConnection connection, ushort packetId)
    {
        try
        {
            while (await connection.ReadAsync(Cancellation) is { } packet)
            {
                if (packet.Header == 0x40 && packet.PacketId == packetId)
                {
                    return packet.Body.Length > 2 ? packet.Body[2] : 0;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null; // its process is gone
        }

        return null;
    }
}
