using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyEvaluatorTests
{
    private const string Encrypted = """{ "id": "encrypted", "kind": "encryption" }""";

    [Fact]
    public void A_device_that_is_as_it_should_be_has_no_findings()
    {
        var posture = Given.APosture() with { Apps = Utf8Block.FromText("""[{"id":"com.microsoft.teams","version":"1.0"}]""") };

        var result = Given.APolicy(PolicyReaderTests.Example).Evaluate(Given.FactsOf(posture));

        Assert.Empty(result.Findings);
        Assert.Equal(new DateTimeOffset(2026, 12, 24, 3, 0, 0, TimeSpan.Zero), result.NextChangeAt); // 720 hours of silence
    }

    [Fact]
    public void A_device_that_is_as_it_should_be_costs_no_allocation()
    {
        var policy = Given.APolicy(PolicyReaderTests.Example);
        var facts = Given.FactsOf(Given.APosture() with { Apps = Utf8Block.FromText("""[{"id":"com.microsoft.teams","version":"1.0"}]""") });
        policy.Evaluate(facts);
        var before = GC.GetAllocatedBytesForCurrentThread();

        policy.Evaluate(facts);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Findings_are_those_that_fail_in_the_order_of_the_policy()
    {
        var posture = Given.APosture() with { PasscodeSet = null, Jailbroken = true, EncryptionStatus = EncryptionStatus.Unencrypted };

        var result = Given.APolicy(PolicyReaderTests.Example).Evaluate(Given.FactsOf(posture));

        Assert.Equal(["encrypted", "not-jailbroken", "apps", "locked-down"], result.Findings.Select(f => f.Rule));
        Assert.All(result.Findings, f => Assert.True(f.Fails));
    }

    [Fact]
    public void Since_is_not_before_the_policy_took_effect()
    {
        var facts = Given.FactsOf(Bad());
        var effectiveAt = Given.Now.AddHours(2);

        var result = PolicyEvaluator.Evaluate(Given.APolicyOf(Encrypted), in facts, [], effectiveAt, Given.Now.AddHours(3));

        Assert.Equal(effectiveAt, Assert.Single(result.Findings).Since);
    }

    [Fact]
    public void Since_is_kept_while_the_rule_fails_in_one_way_or_another()
    {
        var policy = Given.APolicyOf(Encrypted);
        var noncompliant = policy.Evaluate(Given.FactsOf(Bad()));
        var unknown = Given.FactsOf(Given.APosture() with { EncryptionStatus = EncryptionStatus.Unknown }, Given.Now.AddHours(1));

        var result = policy.Evaluate(unknown, Given.Now.AddHours(1), noncompliant.Findings);

        var finding = Assert.Single(result.Findings);
        Assert.Equal((RuleStatus.Unknown, Given.Now), (finding.Status, finding.Since));
    }

    [Fact]
    public void Since_starts_anew_once_the_rule_has_passed()
    {
        var policy = Given.APolicyOf(Encrypted);
        var failed = policy.Evaluate(Given.FactsOf(Bad()));
        var passed = policy.Evaluate(Given.FactsOf(Given.APosture(), Given.Now.AddHours(1)), Given.Now.AddHours(1), failed.Findings);

        var result = policy.Evaluate(Given.FactsOf(Bad(), Given.Now.AddHours(2)), Given.Now.AddHours(2), passed.Findings);

        Assert.Equal(Given.Now.AddHours(2), Assert.Single(result.Findings).Since);
    }

    [Fact]
    public void Since_follows_the_rule_when_the_policy_puts_it_elsewhere()
    {
        const string Jailbreak = """{ "id": "jailbroken", "kind": "jailbreak" }""";
        const string Passcode = """{ "id": "passcode", "kind": "passcode" }""";
        var posture = Bad() with { Jailbroken = true, PasscodeSet = false };
        var before = Given.APolicyOf(Encrypted, Jailbreak).Evaluate(Given.FactsOf(posture));

        var after = Given.APolicyOf(Passcode, Jailbreak, Encrypted)
            .Evaluate(Given.FactsOf(posture, Given.Now.AddDays(1)), Given.Now.AddDays(1), before.Findings);

        Assert.Equal([Given.Now.AddDays(1), Given.Now, Given.Now], after.Findings.Select(f => f.Since!.Value));
    }

    [Fact]
    public void Findings_that_did_not_change_are_the_very_ones_of_before()
    {
        var policy = Given.APolicyOf(Encrypted, """{ "id": "passcode", "kind": "passcode" }""");
        var before = policy.Evaluate(Given.FactsOf(Bad())).Findings;

        var same = policy.Evaluate(Given.FactsOf(Bad()), before: before).Findings;
        var more = policy.Evaluate(Given.FactsOf(Bad() with { PasscodeSet = false }), before: before).Findings;

        Assert.True(before == same);
        Assert.Same(before[0], more[0]);
    }

    [Fact]
    public void A_finding_that_was_reported_once_more_says_the_same()
    {
        var policy = Given.APolicyOf(Encrypted);
        var before = Assert.Single(policy.Evaluate(Given.FactsOf(Bad())).Findings);

        var after = Assert.Single(policy.Evaluate(Given.FactsOf(Bad(), Given.Now.AddHours(1)), Given.Now.AddHours(1), [before]).Findings);

        Assert.NotEqual(before, after);
        Assert.Equal(before, after with { ReportedAt = before.ReportedAt });
    }

    [Theory]
    [InlineData("""["android", "ios"]""", Platform.Android, true)]
    [InlineData("""["android", "ios"]""", Platform.Linux, false)]
    [InlineData("""["other"]""", Platform.Other, true)]
    public void A_policy_applies_to_its_platforms(string platforms, Platform platform, bool applies)
    {
        var policy = Given.APolicy($$"""{ "name": "x", "rules": [], "platforms": {{platforms}} }""");

        Assert.Equal(applies, policy.AppliesTo(platform));
    }

    [Fact]
    public void A_policy_without_platforms_applies_to_all()
    {
        Assert.All(Enum.GetValues<Platform>(), platform => Assert.True(Given.APolicyOf(Encrypted).AppliesTo(platform)));
    }

    [Fact]
    public void A_policy_knows_the_attributes_that_it_reads()
    {
        var policy = Given.APolicyOf(
            """{ "id": "a", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "exists" }""",
            """{ "id": "b", "kind": "attribute", "path": "/model", "operator": "exists" }""",
            """{ "id": "c", "any": [{ "id": "d", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" }] }""",
            """{ "id": "e", "kind": "attribute", "path": "/attributes/tags", "operator": "exists" }""");
        var attributes = Utf8Block.FromText("""{ "x": 1, "vpn": { "state": "up" }, "tags": [ 1, { "a": 2 } ] }""");

        var read = policy.AttributePaths.Select(p => (p.Text, new Utf8Block(p.FindRaw(attributes).ToArray()).ToString()));

        Assert.Equal([("/attributes/vpn/state", "\"up\""), ("/attributes/tags", """[ 1, { "a": 2 } ]""")], read);
    }

    private static Posture Bad() => Given.APosture() with { EncryptionStatus = EncryptionStatus.Unencrypted };
}
