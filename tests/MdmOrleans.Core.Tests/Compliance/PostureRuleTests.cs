using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PostureRuleTests
{
    [Theory]
    [InlineData("16.5", RuleStatus.Compliant)]
    [InlineData("16.5.0", RuleStatus.Compliant)]
    [InlineData("16.4.999", RuleStatus.Noncompliant)]
    [InlineData("17", RuleStatus.Compliant)]
    [InlineData("17.0.1", RuleStatus.Noncompliant)]
    [InlineData("16.6", RuleStatus.Noncompliant)]
    [InlineData("16.6.0.0", RuleStatus.Noncompliant)]
    [InlineData("16.6.1", RuleStatus.Compliant)]
    [InlineData("sixteen", RuleStatus.Error)]
    public void An_os_version_lies_between_the_limits_and_is_not_blocked(string osVersion, RuleStatus status)
    {
        const string Rule = """
            { "id": "os", "kind": "osVersion", "minimum": { "android": "16.5" }, "maximum": { "android": "17" }, "blocked": { "android": ["16.6"] } }
            """;

        var finding = Given.Judge(Rule, Given.APosture() with { OsVersion = osVersion });

        Assert.Equal(status, finding.Status);
    }

    [Fact]
    public void An_os_version_rule_without_an_entry_for_the_platform_does_not_apply()
    {
        var finding = Given.Judge("""{ "id": "os", "kind": "osVersion", "minimum": { "ios": "16.5" } }""", Given.APosture() with { OsVersion = "1" });

        Assert.Equal(RuleStatus.NotApplicable, finding.Status);
        Assert.Null(finding.Since);
    }

    [Fact]
    public void A_finding_about_the_os_version_reads_as_the_protocol_shows_it()
    {
        const string Rule = """
            { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "16.5" }, "remediation": "Update to {{expected}}." }
            """;

        var finding = Given.Judge(Rule, Given.APosture() with { OsVersion = "16.4" });

        Assert.Equal(
            new Finding
            {
                Rule = "os-minimum",
                Status = RuleStatus.Noncompliant,
                Severity = Severity.Required,
                Expected = ">= 16.5",
                Actual = "16.4",
                ReportedAt = Given.Now,
                Since = Given.Now,
                Remediation = "Update to 16.5 or later.",
            },
            finding);
    }

    [Theory]
    [InlineData(EncryptionStatus.Encrypted, RuleStatus.Compliant)]
    [InlineData(EncryptionStatus.Unencrypted, RuleStatus.Noncompliant)]
    [InlineData(EncryptionStatus.Encrypting, RuleStatus.Noncompliant)]
    [InlineData(EncryptionStatus.Unknown, RuleStatus.Unknown)]
    public void Encrypted_is_encrypted_and_nothing_short_of_it(EncryptionStatus encryption, RuleStatus status)
    {
        var finding = Given.Judge("""{ "id": "e", "kind": "encryption" }""", Given.APosture() with { EncryptionStatus = encryption });

        Assert.Equal(status, finding.Status);
    }

    [Theory]
    [InlineData("keyProtection", true, RuleStatus.Compliant)]
    [InlineData("keyProtection", false, RuleStatus.Noncompliant)]
    [InlineData("keyProtection", null, RuleStatus.Unknown)]
    [InlineData("jailbreak", true, RuleStatus.Noncompliant)]
    [InlineData("jailbreak", false, RuleStatus.Compliant)]
    [InlineData("jailbreak", null, RuleStatus.Unknown)]
    [InlineData("passcode", true, RuleStatus.Compliant)]
    [InlineData("passcode", false, RuleStatus.Noncompliant)]
    [InlineData("passcode", null, RuleStatus.Unknown)]
    public void A_flag_is_as_it_should_be_or_unknown(string kind, bool? said, RuleStatus status)
    {
        var posture = Given.APosture() with { KeyProtectEnabled = said, Jailbroken = said, PasscodeSet = said };

        var finding = Given.Judge($$"""{ "id": "f", "kind": "{{kind}}" }""", posture);

        Assert.Equal(status, finding.Status);
        Assert.Equal(said is null, finding.Actual is null);
        Assert.Equal(said is null, finding.ReportedAt is null);
    }

    [Theory]
    [InlineData("""{ "id": "r", "kind": "osVersion", "minimum": { "android": "14" } }""")]
    [InlineData("""{ "id": "r", "kind": "encryption" }""")]
    [InlineData("""{ "id": "r", "kind": "keyProtection" }""")]
    [InlineData("""{ "id": "r", "kind": "patchLevel", "maximumAgeDays": 60 }""")]
    [InlineData("""{ "id": "r", "kind": "apps", "blocked": ["a"] }""")]
    [InlineData("""{ "id": "r", "kind": "attribute", "path": "/attributes/a", "operator": "exists", "value": false }""")]
    [InlineData("""{ "id": "r", "all": [{ "id": "c", "kind": "encryption" }] }""")]
    public void Of_a_device_that_never_checked_in_every_rule_is_unknown(string rule)
    {
        var facts = new Facts { Posture = null, ReportedAt = null, LastCheckInAt = null };

        var finding = Assert.Single(Given.APolicyOf(rule).Evaluate(facts).Findings);

        Assert.Equal(RuleStatus.Unknown, finding.Status);
        Assert.Equal(Given.LongAgo, finding.Since);
    }

    [Fact]
    public void What_a_device_says_is_not_looked_at_for_placeholders()
    {
        const string Rule = """
            { "id": "m", "kind": "attribute", "path": "/model", "operator": "equals", "value": "x", "remediation": "{{actual}} is not {{expected}}, {{actual}}" }
            """;

        var finding = Given.Judge(Rule, Given.APosture() with { Model = "{{expected}}" });

        Assert.Equal("{{expected}} is not x, {{expected}}", finding.Remediation);
    }
}
