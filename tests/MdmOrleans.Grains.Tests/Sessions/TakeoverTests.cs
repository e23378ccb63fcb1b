using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Grains.Tests.Hosting;
using static MdmOrleans.Grains.Tests.Hosting.Given;

namespace MdmOrleans.Grains.Tests.Sessions;

/// <summary>Of two connections of one device the newer one counts.</summary>
public sealed class TakeoverTests(TwinCluster cluster) : IClassFixture<TwinCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_newer_connection_closes_the_older_one_and_what_the_older_one_still_says_changes_nothing()
    {
        const string Device = "acme/rivals";
        await CreateAsync(Device);
        await ConnectAsync(Device, 1);
        var command = (await cluster.Commands(Device).EnqueueAsync(ACommand(), Cancellation)).Value!.Command; // it was accepted

        var reply = await ConnectAsync(Device, 2);
        var checkIn = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("6.6", ASession(1)), Cancellation);
        var told = await cluster.CheckIns(Device).TellAsync("doorOpened", Utf8Block.FromText("{}"), ASession(1), 1, Cancellation);
        await cluster.Commands(Device).MarkSentAsync([command.Id], ASession(1), Cancellation);
        await cluster.Sessions(Device).DisconnectAsync(ASession(1), Cancellation);

        Assert.Equal(ConnectResult.Accepted, reply.Result);
        Assert.Contains((DeviceId.Parse(Device), ASession(1), CloseReason.TakenOver), cluster.Gateways.Closed);
        Assert.Equal(ProblemCatalog.SessionSuperseded, checkIn.Problem);
        Assert.Equal(ProblemCatalog.SessionSuperseded, told);
        var twin = await cluster.Twin(Device).ReadAsync(Cancellation);
        Assert.Equal(ASession(2), twin?.Session?.Epoch);
        Assert.Null(twin?.Posture);
        Assert.Equal(CommandStatus.Queued, twin?.Commands.Pending[0].Status);
    }

    [Fact]
    public async Task A_device_connects_although_its_last_connection_was_made_when_the_clock_was_three_days_ahead()
    {
        const string Device = "acme/back-in-time";
        var now = cluster.Time.GetUtcNow();
        await CreateAsync(Device);
        var ahead = (await ConnectAsync(Device, now.AddDays(3).UtcTicks)).Session!.Value; // it was accepted
        await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5", ahead), Cancellation);
        await cluster.MoveAsync(Device, cluster.Silos[1]);
        await cluster.MoveAsync(Device, cluster.Silos[0]);

        var reply = await ConnectAsync(Device, now.UtcTicks);
        var current = reply.Session!.Value;
        var late = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("6.6", ahead), Cancellation);
        var checkIn = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0", current), Cancellation);

        Assert.Equal(ConnectResult.Accepted, reply.Result);
        Assert.True(current > ahead);
        Assert.Equal(ProblemCatalog.SessionSuperseded, late.Problem);
        Assert.Null(checkIn.Problem);
        Assert.Contains((DeviceId.Parse(Device), ahead, CloseReason.TakenOver), cluster.Gateways.Closed);
    }

    [Fact]
    public async Task A_connection_that_an_activation_accepted_and_did_not_store_goes_on_and_is_stored_with_the_next_write()
    {
        const string Device = "acme/unstored";
        await CreateAsync(Device);
        var session = (await ConnectAsync(Device, 5)).Session;
        await cluster.MoveAsync(Device, cluster.Silos[1]);
        await cluster.MoveAsync(Device, cluster.Silos[0]);

        var first = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5", session), Cancellation);
        await cluster.MoveAsync(Device, cluster.Silos[1]);
        await cluster.MoveAsync(Device, cluster.Silos[0]);
        var older = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("6.6", ASession(4)), Cancellation);

        Assert.Null(first.Problem);
        Assert.Equal(ProblemCatalog.SessionSuperseded, older.Problem);
        Assert.Equal(session, (await cluster.Twin(Device).ReadAsync(Cancellation))?.Session?.Epoch);
    }

    [Fact]
    public async Task A_connection_that_an_activation_accepted_and_did_not_store_is_closed_when_the_device_connects_elsewhere()
    {
        const string Device = "acme/stray";
        await CreateAsync(Device);
        var stray = (await ConnectAsync(Device, 9)).Session!.Value; // it was accepted
        cluster.Gateways.Held[DeviceId.Parse(Device)] = new DeviceSession(stray, cluster.Silos[1].ToParsableString());
        await cluster.MoveAsync(Device, cluster.Silos[1]);
        await cluster.MoveAsync(Device, cluster.Silos[0]);

        var reply = await ConnectAsync(Device, 3); // by a clock that is behind

        Assert.Equal(ConnectResult.Accepted, reply.Result);
        Assert.Contains((DeviceId.Parse(Device), stray, CloseReason.TakenOver), cluster.Gateways.Closed);
        var late = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("6.6", stray), Cancellation);
        Assert.Equal(ProblemCatalog.Unavailable, late.Problem);
        Assert.Null((await cluster.Twin(Device).ReadAsync(Cancellation))?.Posture);
    }

    [Fact]
    public async Task The_session_of_a_device_that_checked_in_is_known_after_its_activation_was_lost()
    {
        const string Device = "acme/remembered";
        await CreateAsync(Device);
        await ConnectAsync(Device, 5);
        await cluster.CheckIns(Device).CheckInAsync(ACheckIn("16.5", ASession(5)), Cancellation);

        await cluster.MoveAsync(Device, cluster.Silos[1]);
        await cluster.MoveAsync(Device, cluster.Silos[0]);
        var older = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("6.6", ASession(4)), Cancellation);
        var same = await cluster.CheckIns(Device).CheckInAsync(ACheckIn("17.0", ASession(5)), Cancellation);

        Assert.Equal(ProblemCatalog.SessionSuperseded, older.Problem);
        Assert.Null(same.Problem);
    }

    [Fact]
    public async Task A_new_token_closes_the_session_that_the_old_one_opened()
    {
        const string Device = "acme/renewed";
        await CreateAsync(Device);
        await ConnectAsync(Device, 1);

        await cluster.Twin(Device).IssueTokenAsync(SecretHash.Of("another"), "test", Cancellation);

        Assert.Contains((DeviceId.Parse(Device), ASession(1), CloseReason.Revoked), cluster.Gateways.Closed);
        Assert.Equal(ConnectResult.BadCredential, (await ConnectAsync(Device, 2)).Result);
    }

    [Fact]
    public async Task What_an_older_enrollment_still_says_is_recorded_changes_nothing_and_ends_its_session()
    {
        const string Device = "acme/outlived";
        await CreateAsync(Device);
        await ConnectAsync(Device, 1);
        await cluster.Twin(Device).IssueTokenAsync(SecretHash.Of("another"), "test", Cancellation);
        var command = (await cluster.Commands(Device).EnqueueAsync(ACommand(), Cancellation)).Value!.Command; // it was accepted
        cluster.Gateways.Closed.Clear();

        var report = new CommandReport { Id = command.Id, Status = CommandStatus.Succeeded, Session = ASession(1), Epoch = 1 };
        var reported = await cluster.Commands(Device).ReportAsync(report, Cancellation);
        var told = await cluster.CheckIns(Device).TellAsync("doorOpened", Utf8Block.FromText("{}"), ASession(1), 1, Cancellation);

        Assert.Equal((null, null), (reported, told));
        var twin = await cluster.Twin(Device).ReadAsync(Cancellation);
        Assert.Equal(CommandStatus.Queued, Assert.Single(twin!.Commands.Pending).Status); // it was created
        Assert.Equal(2, cluster.Gateways.Closed.Count(closed => closed == (DeviceId.Parse(Device), ASession(1), CloseReason.Revoked)));
    }

    [Fact]
    public async Task A_command_goes_out_at_once_to_the_connection_that_counts()
    {
        const string Device = "acme/pushed";
        await CreateAsync(Device);
        await ConnectAsync(Device, 1);
        await ConnectAsync(Device, 2);

        var receipt = await cluster.Commands(Device).EnqueueAsync(ACommand(), Cancellation);

        var id = DeviceId.Parse(Device);
        Assert.Equal([(id, ASession(2), receipt.Value!.Command.Id)], cluster.Gateways.Pushed.Where(push => push.Device == id)); // it was accepted
    }

    private Task<ConnectReply> ConnectAsync(string device, long session) =>
        cluster.Sessions(device).ConnectAsync(new ConnectRequest(SecretHash.Of(device), ASession(session), cluster.Silos[0]), Cancellation);

    private async Task CreateAsync(string device)
    {
        await cluster.CreateTenantAsync("acme");
        await cluster.CreateDeviceAsync(device);
    }

    private static CommandRequest ACommand() => new() { Kind = CommandKind.Message, Parameters = Utf8Block.FromText("{}"), Actor = "test" };
}
