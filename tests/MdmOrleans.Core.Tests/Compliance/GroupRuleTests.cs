using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class GroupRuleTests
{
    // One child of each status, judged against Given.APosture().
    private const string Good = """{ "id": "good", "kind": "encryption" }""";
    private const string Bad = """{ "id": "bad", "kind": "attribute", "path": "/model", "operator": "equals", "value": "x" }""";
    private const string Unsaid = """{ "id": "unsaid", "kind": "attribute", "path": "/attributes/none", "operator": "equals", "value": "x" }""";
    private const string Broken = """{ "id": "broken", "kind": "attribute", "path": "/attributes/battery", "operator": "equals", "value": "x" }""";
    private const string Elsewhere = """{ "id": "elsewhere", "kind": "osVersion", "minimum": { "ios": "16" } }""";

    public static TheoryData<string[], RuleStatus, RuleStatus> Groups => new()
    {
        { [Good], RuleStatus.Compliant, RuleStatus.Compliant },
        { [Good, Unsaid], RuleStatus.Unknown, RuleStatus.Compliant },
        { [Good, Bad], RuleStatus.Noncompliant, RuleStatus.Compliant },
        { [Good, Broken], RuleStatus.Error, RuleStatus.Compliant },
        { [Unsaid, Bad], RuleStatus.Noncompliant, RuleStatus.Unknown },
        { [Bad, Broken], RuleStatus.Error, RuleStatus.Noncompliant },
        { [Broken, Unsaid, Bad], RuleStatus.Error, RuleStatus.Unknown },
        { [Elsewhere, Good], RuleStatus.Compliant, RuleStatus.Compliant },
        { [Elsewhere, Bad], RuleStatus.Noncompliant, RuleStatus.Noncompliant },
        { [Elsewhere], RuleStatus.NotApplicable, RuleStatus.NotApplicable },
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void All_is_as_its_worst_child_and_any_as_its_best(string[] children, RuleStatus all, RuleStatus any)
    {
        var list = string.Join(',', children);

        Assert.Equal(all, Given.Judge($$"""{ "id": "group", "all": [{{list}}] }""", Given.APosture()).Status);
        Assert.Equal(any, Given.Judge($$"""{ "id": "group", "any": [{{list}}] }""", Given.APosture()).Status);
    }

    [Fact]
    public void A_finding_names_the_group_and_what_is_wrong_in_it()
    {
        var policy = Given.APolicyOf($$"""{ "any": [{{Bad}}, {{Unsaid}}, {{Elsewhere}}], "id": "group", "severity": "advisory" }""");

        var finding = Assert.Single(policy.Evaluate(Given.FactsOf(Given.APosture())).Findings);

        Assert.Equal(("group", Severity.Advisory), (finding.Rule, finding.Severity));
        Assert.Equal("any of bad, unsaid, elsewhere", finding.Expected);
        Assert.Equal("bad is Zebra TC58, unsaid is unknown", finding.Actual);
    }

    [Fact]
    public void Explain_lists_the_children_and_the_rules_that_pass()
    {
        var policy = Given.APolicyOf(Elsewhere, $$"""{ "id": "outer", "all": [{{Good}}, { "id": "inner", "any": [{{Bad}}] }] }""");
        var facts = Given.FactsOf(Given.APosture());

        var rules = PolicyEvaluator.Explain(policy, in facts, [], Given.LongAgo, Given.Now);

        Assert.Equal(["elsewhere", "outer"], rules.Select(r => r.Finding.Rule));
        Assert.Equal(["good", "inner"], rules[1].Children.Select(r => r.Finding.Rule));
        Assert.Equal(["osVersion", "all", "encryption", "any", "attribute"], rules.SelectMany(Flatten).Select(r => r.Kind));
        Assert.Equal(Given.Now, rules[1].Finding.Since);
        Assert.All(rules[1].Children, child => Assert.Null(child.Finding.Since));
    }

    [Theory]
    [InlineData("all", 1, 2, 1)]
    [InlineData("all", 2, 1, 1)]
    [InlineData("any", 1, 2, 2)]
    [InlineData("any", 2, 1, 2)]
    public void All_fails_since_its_first_child_and_any_since_its_last(string kind, int one, int other, int hours)
    {
        var policy = Given.APolicyOf($$"""
            { "id": "group", "{{kind}}": [
                { "id": "a", "kind": "checkIn", "maximumHours": {{one}} }, { "id": "b", "kind": "checkIn", "maximumHours": {{other}} }] }
            """);

        var result = policy.Evaluate(Given.FactsOf(Given.APosture()), Given.Now.AddDays(1));

        Assert.Equal(Given.Now.AddHours(hours), Assert.Single(result.Findings).Since);
    }

    [Fact]
    public void A_group_keeps_its_since_while_one_child_fails_after_the_other()
    {
        var policy = Given.APolicyOf("""{ "id": "group", "all": [{ "id": "e", "kind": "encryption" }, { "id": "p", "kind": "passcode" }] }""");
        var first = policy.Evaluate(Given.FactsOf(Given.APosture() with { PasscodeSet = false }));
        var later = Given.FactsOf(Given.APosture() with { EncryptionStatus = EncryptionStatus.Unencrypted }, Given.Now.AddHours(5));

        var second = policy.Evaluate(later, Given.Now.AddHours(5), first.Findings);

        Assert.Equal(Given.Now, Assert.Single(second.Findings).Since);
        Assert.Equal("e is unencrypted", second.Findings[0].Actual);
    }

    private static IEnumerable<ExplainedRule> Flatten(ExplainedRule rule) => [rule, .. rule.Children.SelectMany(Flatten)];
}
