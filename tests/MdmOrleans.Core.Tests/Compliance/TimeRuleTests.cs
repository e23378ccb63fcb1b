using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class TimeRuleTests
{
    private const string Patched = """{ "id": "patched", "kind": "patchLevel", "maximumAgeDays": 60 }""";
    private const string HeardFrom = """{ "id": "heard-from", "kind": "checkIn", "maximumHours": 0.5 }""";

    // 5 November and 60 days: good through 4 January.
    private static readonly DateTimeOffset FirstBadDay = new(2027, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_patch_level_turns_at_midnight_utc_and_not_a_tick_before()
    {
        var policy = Given.APolicyOf(Patched);
        var facts = Given.FactsOf(Given.APosture());

        var before = policy.Evaluate(facts, FirstBadDay.AddTicks(-1));
        var at = policy.Evaluate(facts, FirstBadDay);

        Assert.Empty(before.Findings);
        Assert.Equal(FirstBadDay, before.NextChangeAt);
        Assert.Equal(FirstBadDay, Assert.Single(at.Findings).Since);
        Assert.Null(at.NextChangeAt);
    }

    [Fact]
    public void A_patch_level_turns_at_the_same_instant_whatever_the_offset_of_the_clock()
    {
        var elsewhere = FirstBadDay.ToOffset(TimeSpan.FromHours(-9));

        var result = Given.APolicyOf(Patched).Evaluate(Given.FactsOf(Given.APosture()), elsewhere);

        Assert.Single(result.Findings);
    }

    [Fact]
    public void A_patch_level_that_was_too_old_when_it_was_said_is_known_since_then()
    {
        var facts = Given.FactsOf(Given.APosture() with { PatchLevel = new DateOnly(2020, 1, 1) });

        var result = Given.APolicyOf(Patched).Evaluate(facts, Given.Now.AddDays(3));

        Assert.Equal(Given.Now, Assert.Single(result.Findings).Since);
    }

    [Theory]
    [InlineData(2027)]
    [InlineData(9999)]
    public void A_patch_level_that_is_yet_to_come_is_not_too_old(int year)
    {
        var finding = Given.Judge(Patched, Given.APosture() with { PatchLevel = new DateOnly(year, 12, 31) });

        Assert.Equal(RuleStatus.Compliant, finding.Status);
    }

    [Fact]
    public void Silence_is_noncompliance_at_the_limit_and_not_a_tick_before()
    {
        var policy = Given.APolicyOf(HeardFrom);
        var facts = Given.FactsOf(Given.APosture());
        var limit = Given.Now.AddMinutes(30);

        var before = policy.Evaluate(facts, limit.AddTicks(-1));
        var at = policy.Evaluate(facts, limit);

        Assert.Empty(before.Findings);
        Assert.Equal(limit, before.NextChangeAt);
        Assert.Equal(limit, Assert.Single(at.Findings).Since);
    }

    [Fact]
    public void A_finding_about_silence_does_not_change_while_it_lasts()
    {
        var policy = Given.APolicyOf(HeardFrom);
        var facts = Given.FactsOf(Given.APosture());
        var early = policy.Evaluate(facts, Given.Now.AddHours(1)).Findings;

        var late = policy.Evaluate(facts, Given.Now.AddDays(100), early).Findings;

        Assert.True(early == late);
        Assert.Equal(("within 0.5 hours", "2026-11-24T03:00:00Z"), (late[0].Expected, late[0].Actual));
    }

    [Fact]
    public void The_next_change_is_the_earliest_of_those_to_come()
    {
        var policy = Given.APolicyOf(Patched, HeardFrom, """{ "id": "later", "kind": "checkIn", "maximumHours": 720 }""");
        var facts = Given.FactsOf(Given.APosture());

        Assert.Equal(Given.Now.AddMinutes(30), policy.Evaluate(facts).NextChangeAt);
        Assert.Equal(Given.Now.AddHours(720), policy.Evaluate(facts, Given.Now.AddMinutes(30)).NextChangeAt);
    }
}
