using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.Sessions;

/// <summary>A lost connection is in the history: once, and only where it was the device's connection.</summary>
public sealed class LossTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_loss_is_recorded_once_even_where_the_twin_has_moved_in_between()
    {
        const string Device = "acme/lost";
        var session = await ConnectAsync(Device, 1);

        await cluster.Sessions(Device).LoseAsync(session, ConnectionLoss.KeepAlive, Cancellation);
        await cluster.MoveAsync(Device, cluster.Silos[1]);
        await cluster.MoveAsync(Device, cluster.Silos[0]);
        await cluster.Sessions(Device).LoseAsync(session, ConnectionLoss.Will, Cancellation);

        Assert.Equal(["keepAlive"], await LossesAsync(Device));
    }

    [Fact]
    public async Task A_connection_that_was_taken_over_is_not_lost()
    {
        const string Device = "acme/replaced";
        var older = await ConnectAsync(Device, 1);
        var newer = await ConnectAsync(Device, 2);

        var refusal = await cluster.Sessions(Device).LoseAsync(older, ConnectionLoss.Will, Cancellation);

        Assert.Null(refusal);
        Assert.Empty(await LossesAsync(Device));
        Assert.Equal(newer.Connection, (await cluster.Twin(Device).ReadAsync(Cancellation))?.Session?.Epoch.Connection);
    }

    [Fact]
    public async Task The_loss_of_a_connection_that_an_earlier_activation_accepted_is_recorded()
    {
        const string Device = "acme/moved";
        var session = await ConnectAsync(Device, 1);
        await cluster.MoveAsync(Device, cluster.Silos[1]); // with the connection in nobody's memory
        await cluster.MoveAsync(Device, cluster.Silos[0]);

        await cluster.Sessions(Device).LoseAsync(session, ConnectionLoss.Socket, Cancellation);

        Assert.Equal(["socket"], await LossesAsync(Device));
    }

    [Fact]
    public async Task A_loss_that_cannot_be_stored_is_said_so_and_a_good_end_leaves_none()
    {
        const string Device = "acme/unstored";
        var session = await ConnectAsync(Device, 1);
        cluster.Store.FailNext(new StorageUnavailableException("away"));

        var refusal = await cluster.Sessions(Device).LoseAsync(session, ConnectionLoss.Socket, Cancellation);
        await cluster.Sessions(Device).DisconnectAsync(session, Cancellation);

        Assert.Equal(ProblemCatalog.Unavailable, refusal);
        Assert.Empty(await LossesAsync(Device));
    }

    private async Task<IEnumerable<string?>> LossesAsync(string device) =>
        (await cluster.EventsAsync(device)).Where(e => e.Kind == EventKinds.ConnectionLost).Select(e => e.Reason);

    private async Task<SessionEpoch> ConnectAsync(string device, long session)
    {
        await cluster.CreateTenantAsync("acme");
        if (await cluster.Twin(device).ReadAsync(Cancellation) is null)
        {
            await cluster.CreateDeviceAsync(device);
        }

        var reply = await cluster.Sessions(device).ConnectAsync(
            new ConnectRequest(SecretHash.Of(device), ASession(session), cluster.Silos[0]), Cancellation);
        Assert.Equal(ConnectResult.Accepted, reply.Result);
        return reply.Session!.Value; // an accepted one has one
    }
}
