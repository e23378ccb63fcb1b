using MdmOrleans.Core.Clocks;
using MdmOrleans.Grains.Clocks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MdmOrleans.Grains.Tests.Clocks;

public sealed class GuardedClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _real = new(Start);
    private readonly SteppedTime _system;
    private readonly GuardedClock _clock;

    public GuardedClockTests()
    {
        _system = new SteppedTime(_real);
        _clock = new GuardedClock(_system, _system, NullLogger<GuardedClock>.Instance);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-72)]
    [InlineData(72)]
    public void Time_goes_on_while_the_clock_is_somewhere_else_and_is_in_doubt_until_it_is_back(int hours)
    {
        _clock.Begin(null, null);

        _system.Step(TimeSpan.FromHours(hours));
        _real.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(Start.AddSeconds(30), _clock.GetUtcNow());
        Assert.True(_clock.IsSuspended);
        Assert.Contains(hours > 0 ? "3 d 0 h 0 min ahead of" : "min behind", _clock.Read().Doubt, StringComparison.Ordinal);
        _system.Step(TimeSpan.FromHours(-hours));
        Assert.Null(_clock.Read().Doubt);
        Assert.False(_clock.IsSuspended);
        Assert.Equal(Start.AddSeconds(30), _clock.GetUtcNow());
    }

    [Fact]
    public void A_clock_that_is_corrected_by_a_few_minutes_is_followed()
    {
        _clock.Begin(null, null);

        _system.Step(TimeSpan.FromMinutes(4));

        Assert.Equal(Start.AddMinutes(4), _clock.GetUtcNow());
        Assert.False(_clock.IsSuspended);
    }

    [Fact]
    public void A_machine_that_slept_is_not_a_clock_that_jumped()
    {
        _clock.Begin(null, null);

        _system.Sleep(TimeSpan.FromHours(9));

        Assert.Equal(Start.AddHours(9), _clock.GetUtcNow());
        Assert.False(_clock.IsSuspended);
    }

    [Theory]
    [InlineData(-72)]
    [InlineData(72)]
    public void What_an_administrator_confirms_is_believed(int hours)
    {
        _clock.Begin(null, null);
        _system.Step(TimeSpan.FromHours(hours));
        Assert.Equal(Start, _clock.GetUtcNow());

        _clock.Confirm();

        Assert.Null(_clock.Read().Doubt);
        Assert.Equal(Start.AddHours(hours), _clock.GetUtcNow());
    }

    [Fact]
    public void A_server_that_starts_before_the_last_certain_instant_goes_on_from_that_one()
    {
        _clock.Begin(null, Start.AddHours(1));

        Assert.Equal(Start.AddHours(1), _clock.GetUtcNow());
        Assert.Contains("1 h 0 min behind", _clock.Read().Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_was_down_for_days_starts_as_if_nothing_had_happened()
    {
        _clock.Begin(TimeSpan.FromSeconds(2), Start.AddDays(-3));

        Assert.Equal(Start, _clock.GetUtcNow());
        Assert.False(_clock.IsSuspended);
    }

    [Fact]
    public void A_server_whose_clock_is_ahead_of_the_database_s_works_by_the_database_s()
    {
        _clock.Begin(-TenMinutes, Start.AddMinutes(-11));

        Assert.Equal(Start - TenMinutes, _clock.GetUtcNow());
        Assert.True(_clock.IsSuspended);
    }

    [Fact]
    public void A_database_whose_clock_is_ahead_moves_no_time()
    {
        _clock.Begin(TimeSpan.FromDays(3), Start.AddMinutes(-1));

        Assert.Equal(Start, _clock.GetUtcNow());
        Assert.Contains("database server is 3 d 0 h 0 min ahead of", _clock.Read().Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_that_was_confirmed_is_in_doubt_again_when_it_changes()
    {
        _clock.Begin(TenMinutes, null);
        _clock.Confirm();

        _clock.Compare(TenMinutes);
        Assert.False(_clock.IsSuspended);
        _clock.Compare(3 * TenMinutes);
        Assert.True(_clock.IsSuspended);
        _clock.Compare(TimeSpan.Zero);
        Assert.False(_clock.IsSuspended);
    }

    [Theory]
    [InlineData(-72)]
    [InlineData(72)]
    public void The_runtime_s_own_time_follows_no_step_not_even_one_that_was_confirmed(int hours)
    {
        var steady = new SteadyTime(_clock);

        _system.Step(TimeSpan.FromHours(hours));
        _clock.Confirm();
        _real.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(Start.AddSeconds(30), steady.GetUtcNow());
    }

    [Fact]
    public void Clocks_agree_that_differ_by_five_minutes_and_no_more()
    {
        Assert.True(ClockRules.Agree(Start, Start.AddMinutes(5)));
        Assert.False(ClockRules.Agree(Start, Start.AddMinutes(-5).AddTicks(-1)));
    }
}
