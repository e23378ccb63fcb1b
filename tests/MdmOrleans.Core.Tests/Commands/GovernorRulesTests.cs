using CsCheck;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Core.Tests.Commands;

public sealed class GovernorRulesTests
{
    private static readonly GovernorSettings Default = GovernorSettings.Default;

    [Fact]
    public void Of_many_wipes_at_once_twenty_pass_in_ten_minutes()
    {
        var ledger = GovernorLedger.Empty;
        var passed = 0;
        for (var i = 0; i < 10_000; i++)
        {
            (var judgement, ledger) = GovernorRules.Judge(Default, ledger, Guid.CreateVersion7(A.Now), 1_000_000, A.Now.AddMilliseconds(i));
            passed += judgement.Passed is null ? 0 : 1;
        }

        Assert.Equal(20, passed);
        Assert.Equal(20, ledger.Passes.Length);
    }

    [Fact]
    public void A_small_fleet_may_lose_one_device_at_a_time()
    {
        var (first, ledger) = GovernorRules.Judge(Default, GovernorLedger.Empty, Guid.CreateVersion7(A.Now), 3, A.Now);
        var (second, _) = GovernorRules.Judge(Default, ledger, Guid.CreateVersion7(A.Now), 3, A.Now);

        Assert.NotNull(first.Passed);
        Assert.Equal(GovernorRules.TooManyOfFleet, second.Reason);
    }

    [Fact]
    public void The_same_command_passes_once_however_often_it_asks()
    {
        var command = Guid.CreateVersion7(A.Now);
        var (_, ledger) = GovernorRules.Judge(Default, GovernorLedger.Empty, command, 100, A.Now);

        var (judgement, after) = GovernorRules.Judge(Default, ledger, command, 100, A.Now.AddSeconds(1));

        Assert.Equal(command, judgement.Passed);
        Assert.Same(ledger, after);
    }

    [Fact]
    public void Where_two_persons_are_asked_for_nothing_passes_by_itself() => Assert.Equal(
        GovernorRules.ApprovalRequired,
        GovernorRules.Judge(
            Default with { Approval = GovernorApproval.TwoPerson }, GovernorLedger.Empty, Guid.CreateVersion7(A.Now), 100, A.Now).Judgement.Reason);

    [Theory]
    [InlineData(1000, 50)]
    [InlineData(20_000, 200)]
    public void In_one_day_no_more_pass_than_fifty_or_one_percent_of_the_fleet_whichever_is_more(long fleet, int most)
    {
        var (now, ledger) = (A.Now, GovernorLedger.Empty);
        var passed = 0;
        for (var i = 0; i < 2880; i++)
        {
            (var judgement, ledger) = GovernorRules.Judge(Default, ledger, Guid.CreateVersion7(now), fleet, now);
            passed += judgement.Passed is null ? 0 : 1;
            now = now.AddSeconds(29);
        }

        var (held, _) = GovernorRules.Judge(Default, ledger, Guid.CreateVersion7(now), fleet, A.Now.AddHours(23));
        var (free, _) = GovernorRules.Judge(Default, ledger, Guid.CreateVersion7(now), fleet, now.AddHours(25));

        Assert.Equal(most, passed);
        Assert.Equal(GovernorRules.TooManyInDay, held.Reason);
        Assert.NotNull(free.Passed);
    }

    [Fact]
    public void What_a_person_approves_counts_once_and_leaves_less_for_the_others()
    {
        var command = Guid.CreateVersion7(A.Now);
        var settings = Default with { MaxInWindow = 1 };

        var approved = GovernorRules.CountApproved(settings, GovernorLedger.Empty, command, A.Now);
        var again = GovernorRules.CountApproved(settings, approved, command, A.Now.AddMinutes(1));
        var (other, _) = GovernorRules.Judge(settings, again, Guid.CreateVersion7(A.Now), 1000, A.Now.AddMinutes(2));

        Assert.Same(approved, again);
        Assert.Equal(GovernorRules.TooManyInWindow, other.Reason);
    }

    [Fact]
    public void Many_approvals_do_not_make_the_ledger_grow()
    {
        var ledger = GovernorLedger.Empty;
        for (var i = 0; i < 3000; i++)
        {
            ledger = GovernorRules.CountApproved(Default, ledger, Guid.CreateVersion7(A.Now), A.Now.AddMinutes(i));
        }

        Assert.InRange(ledger.Passes.Length, 1, Default.MaxInWindow);
        Assert.InRange(ledger.Day.Length, 144, 145);
    }

    [Fact]
    public void A_higher_limit_a_day_loosens_and_the_tightest_of_two_has_the_lower_one()
    {
        var looser = Default with { MaxPerDay = new DailyLimit(50, 2) };
        var tighter = Default with { MaxPerDay = new DailyLimit(10, 1) };

        Assert.True(GovernorRules.Loosens(Default, looser));
        Assert.False(GovernorRules.Loosens(Default, tighter));
        Assert.Equal(new DailyLimit(10, 1), GovernorRules.Tightest(looser, tighter).MaxPerDay);
    }

    [Fact]
    public void In_no_window_more_pass_than_the_tenant_allows() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[1, 60], Gen.Int[0, 600].Array[1, 200]).Sample((max, window, pauses) =>
        {
            var settings = Default with { MaxInWindow = max, WindowMinutes = window, MaxPercent = 100, MaxPerDay = new DailyLimit(1000, 0) };
            var (now, ledger) = (A.Now, GovernorLedger.Empty);
            List<DateTimeOffset> passed = [];
            foreach (var pause in pauses)
            {
                now = now.AddSeconds(pause);
                (var judgement, ledger) = GovernorRules.Judge(settings, ledger, Guid.CreateVersion7(now), 1000, now);
                if (judgement.Passed is not null)
                {
                    passed.Add(now);
                }
            }

            Assert.All(passed, start => Assert.InRange(passed.Count(p => p >= start && p < start.AddMinutes(window)), 1, max));
        });
}
