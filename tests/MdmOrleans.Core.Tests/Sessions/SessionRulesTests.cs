using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;

namespace MdmOrleans.Core.Tests.Sessions;

public sealed class SessionRulesTests
{
    private static readonly DateTimeOffset Now = A.Now.AddHours(1);

    [Theory]
    [InlineData(ConnectionLoss.Will, "will")]
    [InlineData(ConnectionLoss.KeepAlive, "keepAlive")]
    [InlineData(ConnectionLoss.Socket, "socket")]
    public void A_lost_connection_is_an_event_that_says_how(ConnectionLoss loss, string reason)
    {
        var decision = SessionRules.Lose(ADevice(session: 5), ASession(5), loss, Now);

        var entry = Assert.Single(decision.Events);
        Assert.Equal((EventKinds.ConnectionLost, reason, Now), (entry.Kind, entry.Reason, entry.At));
        Assert.Equal(Now, decision.Device.Seen?.SeenAt);
    }

    [Fact]
    public void A_connection_is_lost_once()
    {
        var once = SessionRules.Lose(ADevice(session: 5), ASession(5), ConnectionLoss.Socket, Now).Device;

        var twice = SessionRules.Lose(once, ASession(5), ConnectionLoss.Will, Now);

        Assert.False(twice.MustStore);
        Assert.Same(once, twice.Device);
    }

    [Fact]
    public void A_connection_that_was_replaced_is_not_lost()
    {
        var decision = SessionRules.Lose(ADevice(session: 5), ASession(4), ConnectionLoss.Socket, Now);

        Assert.False(decision.MustStore);
    }

    [Fact]
    public void The_next_connection_can_be_lost_too()
    {
        var device = SessionRules.Lose(ADevice(session: 5), ASession(5), ConnectionLoss.Socket, Now).Device;

        var decision = SessionRules.Lose(device with { Session = new DeviceSession(ASession(6), null) }, ASession(6), ConnectionLoss.Socket, Now);

        Assert.Single(decision.Events);
    }

    [Fact]
    public void A_twin_that_has_forgotten_its_newest_connection_takes_its_loss_and_none_of_an_older_one_after_it()
    {
        var decision = SessionRules.Lose(ADevice(session: 5), ASession(7), ConnectionLoss.KeepAlive, Now);
        var older = SessionRules.Lose(decision.Device, ASession(5), ConnectionLoss.Socket, Now);

        Assert.Single(decision.Events);
        Assert.False(older.MustStore);
    }

    private static Device ADevice(long session) => A.ActiveDevice() with { Session = new DeviceSession(ASession(session), null) };

    private static SessionEpoch ASession(long number) => new(number, number);
}
