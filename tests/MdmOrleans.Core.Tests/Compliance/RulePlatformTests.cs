using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

/// <summary>A rule that names platforms asks nothing of any other.</summary>
public sealed class RulePlatformTests
{
    private const string OnAndroid = """{ "id": "r", "kind": "jailbreak", "platforms": ["ios", "android"] }""";

    [Theory]
    [InlineData(Platform.Android, RuleStatus.Noncompliant)]
    [InlineData(Platform.Ios, RuleStatus.Noncompliant)]
    [InlineData(Platform.Linux, RuleStatus.NotApplicable)]
    public void A_rule_does_not_apply_to_a_platform_that_it_does_not_name(Platform platform, RuleStatus status)
    {
        var finding = Given.Judge(OnAndroid, Given.APosture() with { Platform = platform, Jailbroken = true });

        Assert.Equal(status, finding.Status);
    }

    [Fact]
    public void A_rule_that_does_not_apply_expects_nothing_and_starts_no_grace()
    {
        var posture = Given.APosture() with { Platform = Platform.Linux, Jailbroken = null };

        Assert.Empty(Given.APolicyOf(OnAndroid).Evaluate(Given.FactsOf(posture)).Findings);
        Assert.Null(Given.Judge(OnAndroid, posture).Expected);
    }

    [Fact]
    public void A_rule_of_an_expected_platform_is_unknown_before_the_first_check_in()
    {
        var policy = Given.APolicyOf(OnAndroid);

        Assert.Equal(RuleStatus.Unknown, StatusFor(null));
        Assert.Equal(RuleStatus.Unknown, StatusFor(Platform.Ios));
        Assert.Equal(RuleStatus.NotApplicable, StatusFor(Platform.Windows));

        RuleStatus StatusFor(Platform? expected)
        {
            var facts = Given.FactsOf(null) with { ExpectedPlatform = expected };
            return Assert.Single(PolicyEvaluator.Explain(policy, in facts, [], Given.LongAgo, Given.Now)).Finding.Status;
        }
    }

    [Fact]
    public void A_group_leaves_out_a_child_of_another_platform_and_has_platforms_of_its_own()
    {
        const string Bad = """{ "id": "bad", "kind": "passcode", "platforms": ["android"] }""";
        const string Good = """{ "id": "good", "kind": "encryption" }""";
        var posture = Given.APosture() with { Platform = Platform.Linux, PasscodeSet = false };

        Assert.Equal(RuleStatus.Compliant, Given.Judge($$"""{ "id": "g", "all": [{{Bad}}, {{Good}}] }""", posture).Status);
        Assert.Equal(RuleStatus.NotApplicable, Given.Judge($$"""{ "id": "g", "all": [{{Good}}], "platforms": ["ios"] }""", posture).Status);
    }

    [Fact]
    public void Platforms_of_a_rule_are_stored_in_one_order()
    {
        var written = PolicyWriter.Write(Given.APolicyOf(OnAndroid));

        Assert.Contains("\"platforms\":[\"android\",\"ios\"]", written.ToString(), StringComparison.Ordinal);
        Assert.Equal(written, PolicyWriter.Write(Given.APolicy(written.ToString())));
    }

    [Theory]
    [InlineData("[]", "/platforms")]
    [InlineData("""["amiga"]""", "/platforms/0")]
    [InlineData("""["ios", "ios"]""", "/platforms/1")]
    [InlineData("\"ios\"", "/platforms")]
    public void Platforms_that_are_wrong_are_named(string platforms, string place) =>
        Assert.Equal(
            ["/rules/0" + place],
            PolicyReaderTests.Pointers(PolicyReaderTests.Rules($$"""{ "id": "r", "kind": "passcode", "platforms": {{platforms}} }""")));
}
