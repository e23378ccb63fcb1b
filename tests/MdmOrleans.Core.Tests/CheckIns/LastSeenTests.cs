using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Core.Tests.CheckIns;

public sealed class LastSeenTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_a_connect_and_a_check_in_within_one_millisecond_the_check_in_is_kept()
    {
        var connected = new LastSeen { SeenAt = Now, CheckInAt = Now.AddHours(-1), Boot = "b1", Seq = 1 };
        var checkedIn = new LastSeen { SeenAt = Now, CheckInAt = Now, Boot = "b1", Seq = 2 };

        Assert.Same(checkedIn, LastSeen.Later(connected, checkedIn));
        Assert.Same(checkedIn, LastSeen.Later(checkedIn, connected));
    }

    [Fact]
    public void The_later_time_wins_whatever_else_is_known()
    {
        var earlier = new LastSeen { SeenAt = Now, CheckInAt = Now, Boot = "b1", Seq = 99 };
        var later = new LastSeen { SeenAt = Now.AddMilliseconds(1) };

        Assert.Same(later, LastSeen.Later(earlier, later));
        Assert.Same(later, LastSeen.Later(later, earlier));
        Assert.Same(earlier, LastSeen.Later(null, earlier));
        Assert.Same(earlier, LastSeen.Later(earlier, null));
    }
}
