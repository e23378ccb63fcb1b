using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Tests.Identity;

public sealed class SessionEpochTests
{
    private const long Now = 639_000_000_000_000_000;

    [Theory]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(3)]
    public void A_new_connection_comes_after_the_one_before_it_whatever_the_clock_says(int days)
    {
        var before = new SessionEpoch(Now + (days * TimeSpan.TicksPerDay), 7);

        var epoch = new SessionEpoch(Now, 1).After(before);

        Assert.True(epoch > before);
        Assert.Equal(1, epoch.Connection);
    }

    [Fact]
    public void A_connection_is_recognized_by_its_id_even_where_its_epoch_was_raised()
    {
        var proposed = new SessionEpoch(Now, 1);
        var given = proposed.After(new SessionEpoch(Now + 9, 7));

        Assert.Equal(SessionStanding.Current, SessionEpoch.Compare(proposed, given));
        Assert.Equal(SessionStanding.Superseded, SessionEpoch.Compare(proposed with { Connection = 2 }, given));
        Assert.Equal(SessionStanding.Newer, SessionEpoch.Compare(given with { Connection = 2 }, given));
    }
}
