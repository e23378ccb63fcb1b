using System.Collections.Immutable;
using CsCheck;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyProperties
{
    private static readonly Gen<(Policy Policy, Facts Facts)> Cases = Gen.Select(
        Generate.Policies, Generate.Postures, Generate.Spans, (policy, posture, age) => (policy, FactsOf(posture, Given.Now - age)));

    [Fact]
    public void Reading_what_was_written_gives_the_same_policy() => Gen.Select(Generate.Policies, Generate.Postures).Sample((policy, posture) =>
    {
        var again = Given.APolicy(PolicyWriter.Write(policy).ToString());

        var facts = Given.FactsOf(posture);
        Assert.Equal(PolicyWriter.Write(policy), PolicyWriter.Write(again));
        Assert.Equal(policy.Evaluate(facts).Findings.AsEnumerable(), again.Evaluate(facts).Findings);
        Assert.Equal((policy.Grace, policy.CheckInInterval), (again.Grace, again.CheckInInterval));
        Assert.Equal(policy.OnNoncompliance.AsEnumerable(), again.OnNoncompliance);
    }, iter: 500);

    [Fact]
    public void Evaluating_twice_changes_nothing() => Cases.Sample(given =>
    {
        var once = given.Policy.Evaluate(given.Facts);

        var twice = given.Policy.Evaluate(given.Facts, before: once.Findings);

        Assert.True(once.Findings == twice.Findings);
        Assert.Equal(once.NextChangeAt, twice.NextChangeAt);
    }, iter: 500);

    [Fact]
    public void Nothing_changes_by_time_alone_before_the_next_change() => Gen.Select(Cases, Gen.Double.Unit).Sample((given, part) =>
    {
        var now = given.Policy.Evaluate(given.Facts);
        var until = now.NextChangeAt ?? Given.Now.AddYears(50);

        var then = given.Policy.Evaluate(given.Facts, Given.Now + ((until - Given.Now).Ticks > 1 ? (until - Given.Now).Multiply(part * 0.999) : TimeSpan.Zero), now.Findings);
        var last = given.Policy.Evaluate(given.Facts, until.AddTicks(-1), now.Findings);

        Assert.True(until > Given.Now);
        Assert.True(now.Findings == then.Findings);
        Assert.True(now.Findings == last.Findings);
    }, iter: 500);

    [Fact]
    public void Since_never_moves_while_a_rule_fails() => Gen.Select(Generate.Policies, Generate.Policies, Gen.Select(Generate.Postures, Generate.Spans, Gen.Bool).Array[2, 8])
        .Sample((first, second, steps) =>
        {
            var now = Given.Now;
            var before = ImmutableArray<Finding>.Empty;
            foreach (var (posture, wait, isSecond) in steps)
            {
                now += wait;

                var after = (isSecond ? second : first).Evaluate(FactsOf(posture, now), now, before).Findings;

                foreach (var finding in after)
                {
                    Assert.Equal(before.FirstOrDefault(f => f.Rule == finding.Rule)?.Since ?? finding.Since, finding.Since);
                    Assert.True(finding.Since <= now);
                }

                before = after;
            }
        }, iter: 500);

    [Fact]
    public void Late_evaluation_finds_the_same_as_punctual_evaluation() => Gen.Select(Cases, Generate.Spans, Generate.Spans).Sample((given, effective, late) =>
    {
        var (policy, facts) = given;
        var effectiveAt = Given.Now - effective;
        var end = Given.Now + late;
        var now = effectiveAt > facts.ReportedAt ? effectiveAt : facts.ReportedAt.GetValueOrDefault();
        var punctual = PolicyEvaluator.Evaluate(policy, in facts, [], effectiveAt, now);
        while (punctual.NextChangeAt <= end)
        {
            punctual = PolicyEvaluator.Evaluate(policy, in facts, punctual.Findings, effectiveAt, punctual.NextChangeAt.Value);
        }

        var once = PolicyEvaluator.Evaluate(policy, in facts, [], effectiveAt, end);

        Assert.Equal(punctual.Findings.AsEnumerable(), once.Findings);
        Assert.Equal(punctual.NextChangeAt, once.NextChangeAt);
    }, iter: 1000);

    [Fact]
    public void What_is_explained_is_what_is_found() => Cases.Sample(given =>
    {
        var facts = given.Facts;
        var findings = given.Policy.Evaluate(facts).Findings;

        var explained = PolicyEvaluator.Explain(given.Policy, in facts, [], Given.LongAgo, Given.Now);

        Assert.Equal(given.Policy.Rules.Select(r => r.Id), explained.Select(r => r.Finding.Rule));
        Assert.Equal(findings.AsEnumerable(), explained.Select(r => r.Finding).Where(f => f.Fails));
    }, iter: 500);

    [Fact]
    public void Blocks_that_are_cut_or_mixed_up_are_judged_and_never_thrown_over() =>
        Gen.Select(Cases, Gen.Byte.Array[0, 3], Gen.Int[0, 100]).Sample((given, junk, place) =>
        {
            var facts = given.Facts with
            {
                Posture = given.Facts.Posture! with // a case has one
                {
                    Apps = Mutated(given.Facts.Posture.Apps, junk, place),
                    Attributes = Mutated(given.Facts.Posture.Attributes, junk, place),
                },
            };

            var findings = given.Policy.Evaluate(facts).Findings;

            Assert.All(findings, f => Assert.True(f.Fails));
            Assert.All(given.Policy.AttributePaths, path => Assert.True(path.FindRaw(facts.Posture.Attributes).Length <= facts.Posture.Attributes.Span.Length));
        }, iter: 2000);

    private static Utf8Block Mutated(Utf8Block block, byte[] junk, int place)
    {
        var bytes = block.Span;
        var cut = Math.Min(place, bytes.Length);
        return new Utf8Block([.. bytes[..cut], .. junk, .. bytes[Math.Min(cut + (place % 4), bytes.Length)..]]);
    }

    private static Facts FactsOf(Posture posture, DateTimeOffset reportedAt) => Given.FactsOf(posture, reportedAt);
}
