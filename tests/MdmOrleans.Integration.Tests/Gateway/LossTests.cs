using MdmOrleans.Core;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Gateway.Mqtt;
using MdmOrleans.Gateway.Sessions;
using MdmOrleans.Integration.Tests.Gateway.Wire;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Integration.Tests.Gateway;

/// <summary>Which ends of a connection are a loss, and by what.</summary>
public sealed class LossTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayHost _host = fixture.Host;

    [Theory]
    [InlineData(5, false, new byte[0], ConnectionLoss.Socket)]
    [InlineData(4, false, new byte[0], ConnectionLoss.Socket)]
    [InlineData(5, true, new byte[0], ConnectionLoss.Will)]
    [InlineData(4, true, new byte[0], ConnectionLoss.Will)]
    [InlineData(5, true, new byte[] { 0xE0, 1, 0x04 }, ConnectionLoss.Will)] // DISCONNECT with will
    [InlineData(5, true, new byte[] { 0xF0, 0 }, ConnectionLoss.Will)] // it broke the protocol
    [InlineData(4, true, new byte[] { 0xF0, 0 }, ConnectionLoss.Will)]
    [InlineData(5, true, new byte[] { 0xE0, 0 }, null)]
    [InlineData(4, true, new byte[] { 0xE0, 0 }, null)]
    [InlineData(5, true, new byte[] { 0xE0, 1, 0x00 }, null)]
    [InlineData(5, false, new byte[] { 0xF0, 0 }, null)]
    public async Task The_twin_hears_how_a_connection_was_lost(int version, bool hasWill, byte[] last, ConnectionLoss? loss)
    {
        var id = $"acme:end{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
        var twin = _host.Twins[id];
        var client = await ConnectAsync(_host, version, id, hasWill);
        var session = await twin.Connected.NextAsync();

        await client.SendAsync(last);
        await client.DisposeAsync();

        if (loss is { } expected)
        {
            Assert.Equal((session, expected), await twin.Losses.NextAsync());
            Assert.Equal(0, twin.Disconnected.Count);
        }
        else
        {
            Assert.Equal(session, await twin.Disconnected.NextAsync());
            Assert.Equal(0, twin.Losses.Count);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_keep_alive_that_is_over_is_a_loss_by_keep_alive(bool hasWill)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time);
        await using var client = await ConnectAsync(host, 5, "acme:asleep", hasWill);

        time.Advance(TimeSpan.FromSeconds(91));

        Assert.Equal(ConnectionLoss.KeepAlive, (await host.Twins["acme:asleep"].Losses.NextAsync()).Loss);
    }

    [Theory]
    [InlineData(0x8E)] // taken over
    [InlineData(0x87)] // revoked
    [InlineData(0x98)] // retired
    public async Task A_connection_that_the_server_ends_is_not_lost(int code)
    {
        var id = $"acme:ended{code}";
        await using var client = await ConnectAsync(_host, 5, id, hasWill: true);

        (await _host.FindAsync(id)).Close((ReasonCode)code, "test");

        await _host.Twins[id].Disconnected.NextAsync();
        Assert.Equal(0, _host.Twins[id].Losses.Count);
    }

    [Fact]
    public async Task Of_many_that_are_lost_at_once_a_bounded_number_is_told_at_a_time_and_all_are_told()
    {
        const int Count = 300;
        await using var host = await GatewayHost.StartAsync();
        var (underWay, most) = (0, 0);
        var goOn = new TaskCompletionSource();
        var clients = await Task.WhenAll(Enumerable.Range(0, Count).Select(i =>
        {
            host.Twins[$"acme:many{i}"].OnLoss = () => TellAsync();
            return ConnectAsync(host, 5, $"acme:many{i}", hasWill: true);
        }));

        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
        for (var i = 0; i < Count; i++)
        {
            await host.Twins[$"acme:many{i}"].Losses.NextAsync();
        }

        Assert.Equal(LossGate.AtATime, most);

        async Task<Problem?> TellAsync()
        {
            lock (goOn)
            {
                most = Math.Max(most, ++underWay);
                if (underWay == LossGate.AtATime)
                {
                    goOn.TrySetResult();
                }
            }

            await goOn.Task;
            lock (goOn)
            {
                underWay--;
            }

            return null;
        }
    }

    [Fact]
    public async Task One_more_than_may_be_told_at_a_time_waits_for_its_turn()
    {
        using var gate = new LossGate();
        for (var i = 0; i < LossGate.AtATime; i++)
        {
            Assert.True(await gate.TryEnterAsync());
        }

        var next = gate.TryEnterAsync();
        var waited = !next.IsCompleted;
        gate.Exit();

        Assert.True(await next);
        Assert.True(waited);
    }

    private static async Task<WireClient> ConnectAsync(GatewayHost host, int version, string id, bool hasWill)
    {
        var client = await WireClient.OpenAsync(host.Port);
        var topic = $"mdm/v1/{id.Replace(':', '/')}/up/will";
        await client.SendAsync(Packets.Connect(
            version, id, flags: (byte)(hasWill ? 0x06 : 0x02), will: hasWill ? Packets.Will(version, topic, "gone") : null));
        Assert.Equal(0, (await client.ReadAsync()).Body[1]);
        return client;
    }
}
