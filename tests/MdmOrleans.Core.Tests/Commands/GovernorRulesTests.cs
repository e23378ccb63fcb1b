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
        var passes = System.Collections.Immutable.ImmutableArray<GovernorPass>.Empty;
        var passed = 0;
        for (var i = 0; i < 10_000; i++)
        {
            (var heldBecause, passes) = GovernorRules.Judge(Default, passes, Guid.CreateVersion7(A.Now), 1_000_000, A.Now.AddMilliseconds(i));
            passed += heldBecause is null ? 1 : 0;
        }

        Assert.Equal(20, passed);
        Assert.Equal(20, passes.Length);
    }

    [Fact]
    public void A_small_fleet_may_lose_one_device_at_a_time()
    {
        var (first, passes) = GovernorRules.Judge(Default, [], Guid.CreateVersion7(A.Now), 3, A.Now);
        var (second, _) = GovernorRules.Judge(Default, passes, Guid.CreateVersion7(A.Now), 3, A.Now);

        Assert.Null(first);
        Assert.Equal(GovernorRules.TooManyOfFleet, second);
    }

    [Fact]
    public void The_same_command_passes_once_however_often_it_asks()
    {
        var command = Guid.CreateVersion7(A.Now);
        var (_, passes) = GovernorRules.Judge(Default, [], command, 100, A.Now);

        var (heldBecause, after) = GovernorRules.Judge(Default, passes, command, 100, A.Now.AddSeconds(1));

        Assert.Null(heldBecause);
        Assert.Single(after);
    }

    [Fact]
    public void Where_two_persons_are_asked_for_nothing_passes_by_itself() => Assert.Equal(
        GovernorRules.ApprovalRequired,
        GovernorRules.Judge(Default with { Approval = GovernorApproval.TwoPerson }, [], Guid.CreateVersion7(A.Now), 100, A.Now).HeldBecause);

    [Fact]
    public void In_no_window_more_pass_than_the_tenant_allows() =>
        Gen.Select(Gen.Int[1, 10], Gen.Int[1, 60], Gen.Int[0, 600].Array[1, 200]).Sample((max, window, pauses) =>
        {
            var settings = Default with { MaxInWindow = max, WindowMinutes = window, MaxPercent = 100 };
            var (now, passes) = (A.Now, System.Collections.Immutable.ImmutableArray<GovernorPass>.Empty);
            List<DateTimeOffset> passed = [];
            foreach (var pause in pauses)
            {
                now = now.AddSeconds(pause);
                (var heldBecause, passes) = GovernorRules.Judge(settings, passes, Guid.CreateVersion7(now), 1000, now);
                if (heldBecause is null)
                {
                    passed.Add(now);
                }
            }

            Assert.All(passed, start => Assert.InRange(passed.Count(p => p >= start && p < start.AddMinutes(window)), 1, max));
        });
}
