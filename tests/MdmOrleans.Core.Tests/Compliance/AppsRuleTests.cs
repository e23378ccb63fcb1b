using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class AppsRuleTests
{
    [Theory]
    [InlineData("[]", RuleStatus.Compliant)]
    [InlineData("""[{"id":"good","version":"1"}]""", RuleStatus.Compliant)]
    [InlineData("""[{"id":"good"},{"id":"bad"}]""", RuleStatus.Noncompliant)]
    [InlineData("""[{"version":"1","x":{"id":"bad"},"id":"good"}]""", RuleStatus.Compliant)]
    [InlineData("""[{"version":"1","x":[{"id":"good"}],"id":"bad"}]""", RuleStatus.Noncompliant)]
    [InlineData("""[{"\u0069d":"b\u0061d"}]""", RuleStatus.Noncompliant)]
    [InlineData("""[{"id":"BAD"}]""", RuleStatus.Compliant)]
    [InlineData("""[{"version":"1"}]""", RuleStatus.Error)]
    [InlineData("""[{"id":7}]""", RuleStatus.Error)]
    [InlineData("""["bad"]""", RuleStatus.Error)]
    [InlineData("""{"id":"bad"}""", RuleStatus.Error)]
    [InlineData("""[{"id":"\ud800"}]""", RuleStatus.Error)]
    public void A_blocked_app_is_found_wherever_it_stands(string apps, RuleStatus status)
    {
        Assert.Equal(status, Judge("""
            "blocked": ["bad"]
            """, apps).Status);
    }

    [Theory]
    [InlineData("""[{"id":"app","version":"1.10"}]""", RuleStatus.Compliant, "as required")]
    [InlineData("""[{"id":"app","version":"1.10-beta"}]""", RuleStatus.Compliant, "as required")]
    [InlineData("""[{"id":"app","version":"1.9"}]""", RuleStatus.Noncompliant, "app is 1.9")]
    [InlineData("""[{"id":"app","version":"beta"}]""", RuleStatus.Noncompliant, "app is beta")]
    [InlineData("""[{"id":"app"}]""", RuleStatus.Unknown, "app has no version")]
    [InlineData("""[{"id":"app","version":null}]""", RuleStatus.Unknown, "app has no version")]
    [InlineData("""[{"id":"other","version":"2"}]""", RuleStatus.Noncompliant, "app is missing")]
    [InlineData("""[{"id":"app","version":"1.9"},{"id":"app","version":"2"}]""", RuleStatus.Compliant, "as required")]
    [InlineData("""[{"id":"app","version":"2"},{"id":"app","version":"1.9"}]""", RuleStatus.Compliant, "as required")]
    public void A_required_app_is_there_in_its_version_or_a_later_one(string apps, RuleStatus status, string actual)
    {
        var finding = Judge("""
            "required": [{ "id": "app", "minimumVersion": "1.10" }]
            """, apps);

        Assert.Equal((status, actual), (finding.Status, finding.Actual));
    }

    [Theory]
    [InlineData("""[{"id":"a"}]""", RuleStatus.Compliant)]
    [InlineData("""[]""", RuleStatus.Compliant)]
    [InlineData("""[{"id":"a"},{"id":"c"}]""", RuleStatus.Noncompliant)]
    public void Where_a_list_of_allowed_apps_is_given_none_may_be_outside_it(string apps, RuleStatus status)
    {
        Assert.Equal(status, Judge("""
            "allowed": ["a", "b"]
            """, apps).Status);
    }

    [Fact]
    public void An_empty_list_of_allowed_apps_allows_none()
    {
        Assert.Equal(RuleStatus.Noncompliant, Judge("""
            "allowed": []
            """, """[{"id":"a"}]""").Status);
    }

    [Fact]
    public void A_device_that_never_said_its_apps_is_unknown()
    {
        var finding = Given.Judge("""{ "id": "apps", "kind": "apps", "blocked": ["bad"] }""", Given.APosture() with { Apps = default });

        Assert.Equal(RuleStatus.Unknown, finding.Status);
        Assert.Null(finding.Actual);
    }

    [Fact]
    public void A_finding_names_the_first_few_and_counts_the_rest()
    {
        var apps = $"[{string.Join(',', Enumerable.Range(0, 900).Select(i => $$"""{"id":"app{{i}}"}"""))}]";

        var finding = Judge("""
            "allowed": ["must"], "required": [{ "id": "must" }]
            """, apps);

        Assert.Equal("app0 is not allowed, app1 is not allowed, app2 is not allowed, app3 is not allowed, app4 is not allowed and 896 more", finding.Actual);
        Assert.Equal("required: must; allowed: must", finding.Expected);
    }

    [Fact]
    public void Since_is_when_the_apps_were_said_and_not_the_rest()
    {
        var facts = Given.FactsOf(Given.APosture()) with { AppsReportedAt = Given.Now.AddDays(-2) };

        var finding = Assert.Single(Given.APolicyOf("""{ "id": "apps", "kind": "apps", "required": [{ "id": "x" }] }""").Evaluate(facts).Findings);

        Assert.Equal(Given.Now.AddDays(-2), finding.Since);
        Assert.Equal(Given.Now.AddDays(-2), finding.ReportedAt);
    }

    private static Finding Judge(string lists, string apps) =>
        Given.Judge($$"""{ "id": "apps", "kind": "apps", {{lists}} }""", Given.APosture() with { Apps = Utf8Block.FromText(apps) });
}
