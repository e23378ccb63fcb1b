using System.Diagnostics;
using System.Net;
using MdmOrleans.Contracts;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using MdmOrleans.Integration.Tests.Hosting;
using MdmOrleans.Integration.Tests.Storage;

namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>One of two servers hangs: it answers nobody, and nobody is told that it is gone.</summary>
[Collection(AloneCollection.Name)]
public sealed class HungServerTests
{
    private const string Tenant = "acme";
    private const int Devices = 60;
    private const string Policy = """{ "name": "Baseline", "rules": [ { "id": "os", "kind": "osVersion", "minimum": { "android": "1" } } ] }""";

    private static readonly TimeSpan Eviction = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(5);

    // What the machine itself may be late, with everything on two cores.
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_device_of_the_other_server_is_served_again_within_fifteen_seconds_and_HTTP_answers_meanwhile()
    {
        await using var fixture = new PostgresFixture();
        await using var database = new PostgresDatabase(fixture);
        await database.InitializeAsync();
        await using var living = await ServerProcess.StartAsync(database);
        await using var hung = await ServerProcess.StartAsync(database);
        await living.Api.PutTenantAsync(Tenant);
        await living.Api.PutPolicyAsync(Tenant, "baseline", Policy);
        await living.Api.PutTenantAsync(Tenant, """{ "name": "Acme", "defaultPolicy": "baseline" }""");
        var devices = await ConnectAsync(living);
        await Task.WhenAll(devices.Select(device => device.CheckInAsync("1.0")));

        ProcessSignal.Suspend(hung.Id);
        var since = Stopwatch.StartNew();
        using var allServed = new CancellationTokenSource();
        var watching = WatchAsync(living, allServed.Token);
        var served = await Task.WhenAll(devices.Select(async device =>
        {
            await device.CheckInAsync("2.0");
            return since.Elapsed;
        }));
        await allServed.CancelAsync();
        var answers = await watching;
        ProcessSignal.Resume(hung.Id);

        Assert.All(served, elapsed => Assert.InRange(elapsed, TimeSpan.Zero, Eviction + Lateness));
        Assert.Contains(served, elapsed => elapsed < Answer);
        Assert.All(answers, answer => Assert.InRange(answer.Elapsed, TimeSpan.Zero, Answer + Lateness));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        foreach (var device in devices)
        {
            await device.DisposeAsync();
        }
    }

    private static async Task<Device[]> ConnectAsync(ServerProcess server)
    {
        var devices = new Device[Devices];
        for (var i = 0; i < Devices; i++)
        {
            var token = await server.Api.CreateDeviceAsync(Tenant, $"d{i}");
            devices[i] = new Device(server.MqttPort, $"d{i}", token);
        }

        return devices;
    }

    /// <summary>A list and a summary, one after the other, until all devices are served.</summary>
    private static async Task<List<(HttpStatusCode Status, TimeSpan Elapsed)>> WatchAsync(ServerProcess server, CancellationToken enough)
    {
        var answers = new List<(HttpStatusCode, TimeSpan)>();
        while (!enough.IsCancellationRequested)
        {
            foreach (var path in new[] { $"v1/tenants/{Tenant}/devices?limit=10", $"v1/tenants/{Tenant}/summary", $"v1/tenants/{Tenant}" })
            {
                var started = Stopwatch.GetTimestamp();
                answers.Add((await server.Api.StatusAsync(path), Stopwatch.GetElapsedTime(started)));
            }
        }

        return answers;
    }

    /// <summary>Connects again and says it again until it is acknowledged, as agents do.</summary>
    private sealed class Device(int port, string name, string token) : IAsyncDisposable
    {
        private FleetConnection? _connection;

        public async Task CheckInAsync(string osVersion)
        {
            while (!await TryCheckInAsync(osVersion))
            {
                await DisposeAsync();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_connection is { } connection)
            {
                _connection = null;
                await connection.DisposeAsync();
            }
        }

        private async Task<bool> TryCheckInAsync(string osVersion)
        {
            if (_connection is null)
            {
                _connection = await FleetConnection.OpenAsync(port, Cancellation);
                await _connection.SendAsync(Packets.Connect(5, $"{Tenant}:{name}", password: token), Cancellation);
                if (await _connection.ReadAsync(Cancellation) is not { Header: 0x20, Body: [_, 0, ..] })
                {
                    return false;
                }
            }

            var payload = $$"""{"platform":"android","osVersion":"{{osVersion}}","encryptionStatus":"encrypted"}""";
            await _connection.SendAsync(Packets.Publish(5, Topics.CheckInUp(Topics.Root(Tenant, name)), payload), Cancellation);
            while (await _connection.ReadAsync(Cancellation) is { } packet)
            {
                if (packet.Header == 0x40)
                {
                    return packet.Body.Length <= 2 || packet.Body[2] == 0;
                }
            }

            return false;
        }
    }
}
