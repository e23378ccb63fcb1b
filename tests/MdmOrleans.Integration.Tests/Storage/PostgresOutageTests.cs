using System.Diagnostics;
using MdmOrleans.Core;
using Npgsql;
using static MdmOrleans.Integration.Tests.Storage.Twins;

namespace MdmOrleans.Integration.Tests.Storage;

/// <summary>On a server of their own, since they kill it.</summary>
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private PostgresServer _server = null!; // set in InitializeAsync, like the host
    private StorageHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync("restart_after_crash=on");
        _host = await StorageHost.StartAsync(new OnlyDatabase(_server.ConnectionString("postgres")), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_server_loses_nothing_acknowledged_and_leaves_no_twin_half_written()
    {
        var load = new WriteLoad(_host, devices: 100);
        for (var kill = 0; kill < 3; kill++)
        {
            await load.AcknowledgedAsync(1000);
            await _server.KillAsync();
            await _server.StartAsync();
        }

        await load.AcknowledgedAsync(1000);
        await load.StopAndVerifyAsync();
    }

    [Fact]
    public async Task A_killed_connection_loses_nothing_acknowledged_and_leaves_no_twin_half_written()
    {
        var load = new WriteLoad(_host, devices: 100);
        for (var kill = 0; kill < 3; kill++)
        {
            await load.AcknowledgedAsync(1000);
            Process.GetProcessById(await BackendAsync()).Kill();
            await load.AcknowledgedAsync(1000);
        }

        await load.StopAndVerifyAsync();
    }

    [Fact]
    public async Task A_terminated_connection_is_replaced_and_nobody_is_refused()
    {
        await _host.Store.SaveAsync(null, ADevice("acme/warm"), None, Cancellation);

        await new OnlyDatabase(_server.ConnectionString("postgres")).ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'MdmOrleans lanes'");

        Assert.Equal(SaveOutcome.Saved, await _host.Store.SaveAsync(null, ADevice("acme/after"), [AnEvent(1)], Cancellation));
    }

    [Fact]
    public async Task A_server_that_is_away_refuses_in_time_and_serves_again_when_it_is_back()
    {
        Assert.True(await _host.Health.TakesWritesAsync(Cancellation));
        await _server.StopAsync();
        var started = TimeProvider.System.GetTimestamp();

        await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await _host.Store.SaveAsync(null, ADevice("acme/away"), [AnEvent(1)], Cancellation));
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(9));
        Assert.False(await _host.Health.TakesWritesAsync(Cancellation));

        await _server.StartAsync();
        Assert.Equal(SaveOutcome.Saved, await _host.Store.SaveAsync(null, ADevice("acme/away"), [AnEvent(1)], Cancellation));
        Assert.True(await _host.Health.TakesWritesAsync(Cancellation));
    }

    [Fact]
    public async Task A_lock_that_somebody_holds_for_too_long_refuses_in_time_and_stores_nothing_behind_the_caller_s_back()
    {
        var device = ADevice("acme/locked");
        await _host.Store.SaveAsync(null, device, None, Cancellation);
        await using var connection = new NpgsqlConnection(_server.ConnectionString("postgres"));
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = new NpgsqlCommand("LOCK TABLE devices", connection, transaction);
        await command.ExecuteNonQueryAsync(Cancellation);

        await Assert.ThrowsAsync<StorageUnavailableException>(
            async () => await _host.Store.SaveAsync(device, device.Next(), [AnEvent(1)], Cancellation));

        await transaction.CommitAsync(Cancellation);
        Assert.Equal(1, (await _host.Store.FindAsync(device.Id, Cancellation))!.Version);
        Assert.Equal(SaveOutcome.Saved, await _host.Store.SaveAsync(device, device.Next(), [AnEvent(1)], Cancellation));
    }

    private async Task<int> BackendAsync()
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'MdmOrleans lanes' ORDER BY state LIMIT 1", connection);
        return (int)(await command.ExecuteScalarAsync(Cancellation))!; // a load is running
    }
}
