using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class AttributeRuleTests
{
    private const string Attributes = """
        {
          "battery": 88, "ratio": 0.5, "huge": 1e400, "tiny": -1e400, "on": true, "nothing": null, "empty": {}, "text": "a/b",
          "vpn": { "state": "up", "id": "007", "agent": "2.10.1" }, "tags": ["red", 5, { "a": ["red"] }, null, true, "1.0"],
          "a/b": 1, "m~n": 2, "": 3, "\u0061scii": 4, "0": { "x": 5 }, "odd": "\ud800", "long": "LONG"
        }
        """;

    [Theory]
    [InlineData("/attributes/vpn/state", "equals", "\"up\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/state", "equals", "\"Up\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/vpn/state", "notEquals", "\"up\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/vpn/state", "notEquals", "\"down\"", RuleStatus.Compliant)]
    [InlineData("/attributes/text", "equals", "\"a\\u002fb\"", RuleStatus.Compliant)]
    [InlineData("/attributes/battery", "equals", "88.0", RuleStatus.Compliant)]
    [InlineData("/attributes/battery", "equals", "8.8e1", RuleStatus.Compliant)]
    [InlineData("/attributes/on", "equals", "true", RuleStatus.Compliant)]
    [InlineData("/attributes/on", "equals", "false", RuleStatus.Noncompliant)]
    [InlineData("/attributes/on", "notEquals", "false", RuleStatus.Compliant)]
    public void Values_of_one_type_are_equal_or_not(string path, string name, string value, RuleStatus status) =>
        Assert.Equal(status, Judge(path, name, value).Status);

    [Theory]
    [InlineData("/attributes/battery", "equals", "\"88\"")]
    [InlineData("/attributes/vpn/id", "equals", "7")]
    [InlineData("/attributes/on", "equals", "\"true\"")]
    [InlineData("/attributes/vpn", "equals", "\"up\"")]
    [InlineData("/attributes/battery", "notEquals", "\"88\"")]
    [InlineData("/attributes/battery", "lessThan", "\"99\"")]
    [InlineData("/attributes/vpn/state", "lessThan", "99")]
    [InlineData("/attributes/vpn/state", "atLeast", "\"1.0\"")]
    [InlineData("/attributes/battery", "matches", "\"8\"")]
    [InlineData("/attributes/battery", "contains", "8")]
    [InlineData("/attributes/vpn/state", "contains", "5")]
    [InlineData("/attributes/on", "in", "[\"true\", 1]")]
    [InlineData("/attributes/odd", "equals", "\"x\"")]
    [InlineData("/attributes/odd", "matches", "\"x\"")]
    [InlineData("/attributes/long", "matches", "\"x\"")]
    public void A_value_of_another_type_is_an_error_and_never_converted(string path, string name, string value) =>
        Assert.Equal(RuleStatus.Error, Judge(path, name, value).Status);

    [Theory]
    [InlineData("/attributes/battery", "lessThan", "88", RuleStatus.Noncompliant)]
    [InlineData("/attributes/battery", "atMost", "88", RuleStatus.Compliant)]
    [InlineData("/attributes/battery", "greaterThan", "88", RuleStatus.Noncompliant)]
    [InlineData("/attributes/battery", "atLeast", "88", RuleStatus.Compliant)]
    [InlineData("/attributes/ratio", "lessThan", "0.50000000001", RuleStatus.Compliant)]
    [InlineData("/attributes/huge", "greaterThan", "79228162514264337593543950335", RuleStatus.Compliant)]
    [InlineData("/attributes/tiny", "lessThan", "-79228162514264337593543950335", RuleStatus.Compliant)]
    [InlineData("/attributes/huge", "equals", "5", RuleStatus.Noncompliant)]
    public void Numbers_are_ordered_exactly(string path, string name, string value, RuleStatus status) =>
        Assert.Equal(status, Judge(path, name, value).Status);

    [Theory]
    [InlineData("/attributes/vpn/agent", "atLeast", "\"2.9\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/agent", "lessThan", "\"2.10.1\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/vpn/agent", "equals", "\"2.10.1.0\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/agent", "in", "[\"1.0\", \"2.10.1.0\"]", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/agent", "notEquals", "\"2.10.1.0\"", RuleStatus.Noncompliant)]
    [InlineData("/osVersion", "atLeast", "\"16\"", RuleStatus.Compliant)]
    [InlineData("/apps/0/version", "greaterThan", "\"251.9\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/id", "equals", "\"7\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/vpn/id", "equals", "\"007\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/id", "atLeast", "\"7\"", RuleStatus.Compliant)]
    public void Versions_compare_as_versions_and_other_texts_as_texts(string path, string name, string value, RuleStatus status) =>
        Assert.Equal(status, Judge(path, name, value).Status);

    [Theory]
    [InlineData("/attributes/vpn/state", "in", "[\"up\", \"idle\"]", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/state", "in", "[1, \"up\", true]", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/state", "in", "[\"down\"]", RuleStatus.Noncompliant)]
    [InlineData("/attributes/text", "contains", "\"/\"", RuleStatus.Compliant)]
    [InlineData("/attributes/text", "contains", "\"x\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/tags", "contains", "\"red\"", RuleStatus.Compliant)]
    [InlineData("/attributes/tags", "contains", "5", RuleStatus.Compliant)]
    [InlineData("/attributes/tags", "contains", "true", RuleStatus.Compliant)]
    [InlineData("/attributes/tags", "contains", "\"1.0.0\"", RuleStatus.Compliant)]
    [InlineData("/attributes/tags", "contains", "\"blue\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/tags/2/a", "contains", "5", RuleStatus.Noncompliant)]
    [InlineData("/attributes/vpn/state", "matches", "\"^u\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/state", "matches", "\"p\"", RuleStatus.Compliant)]
    [InlineData("/attributes/vpn/state", "matches", "\"^p\"", RuleStatus.Noncompliant)]
    [InlineData("/attributes/text", "matches", "\"^a.b$\"", RuleStatus.Compliant)]
    public void Content_is_looked_for_in_lists_texts_and_arrays(string path, string name, string value, RuleStatus status) =>
        Assert.Equal(status, Judge(path, name, value).Status);

    [Theory]
    [InlineData("equals", "\"up\"", RuleStatus.Unknown)]
    [InlineData("notEquals", "\"up\"", RuleStatus.Unknown)]
    [InlineData("lessThan", "5", RuleStatus.Unknown)]
    [InlineData("in", "[1]", RuleStatus.Unknown)]
    [InlineData("contains", "1", RuleStatus.Unknown)]
    [InlineData("matches", "\"x\"", RuleStatus.Unknown)]
    [InlineData("exists", "true", RuleStatus.Noncompliant)]
    [InlineData("exists", "false", RuleStatus.Compliant)]
    public void A_value_that_is_missing_is_unknown_unless_that_is_what_is_asked(string name, string value, RuleStatus status)
    {
        string[] missing = ["/attributes/none", "/attributes/vpn/none", "/attributes/vpn/state/none", "/attributes/nothing", "/attributes/tags/6", "/serial"];

        Assert.All(missing, path => Assert.Equal(status, Judge(path, name, value).Status));
    }

    [Theory]
    [InlineData("true", RuleStatus.Compliant)]
    [InlineData("false", RuleStatus.Noncompliant)]
    public void Any_value_exists_but_null(string value, RuleStatus status)
    {
        string[] there = ["/attributes/on", "/attributes/empty", "/attributes/tags", "/attributes/tags/0", "/attributes", "/apps", "/model", "/jailbroken"];

        Assert.All(there, path => Assert.Equal(status, Judge(path, "exists", value).Status));
    }

    [Theory]
    [InlineData("/attributes/battery", "exists", "false")]
    [InlineData("/attributes", "exists", "true")]
    [InlineData("/apps/0", "exists", "false")]
    public void What_lies_in_a_part_that_was_never_reported_is_unknown_also_to_exists(string path, string name, string value)
    {
        var finding = Given.Judge(ARule(path, name, value), Given.APosture() with { Attributes = default, Apps = default });

        Assert.Equal(RuleStatus.Unknown, finding.Status);
    }

    [Theory]
    [InlineData("/attributes/a~1b", 1)]
    [InlineData("/attributes/m~0n", 2)]
    [InlineData("/attributes/", 3)]
    [InlineData("/attributes/ascii", 4)]
    [InlineData("/attributes/0/x", 5)]
    [InlineData("/attributes/tags/1", 5)]
    public void A_path_follows_escapes_names_and_places(string path, int value) =>
        Assert.Equal(RuleStatus.Compliant, Judge(path, "equals", $"{value}").Status);

    [Theory]
    [InlineData("/platform", "android")]
    [InlineData("/osVersion", "16.5")]
    [InlineData("/encryptionStatus", "encrypted")]
    [InlineData("/patchLevel", "2026-11-05")]
    [InlineData("/model", "Zebra TC58")]
    [InlineData("/apps/0/id", "com.salesforce.chatter")]
    public void Typed_members_and_apps_have_paths_as_a_check_in_spells_them(string path, string value) =>
        Assert.Equal(RuleStatus.Compliant, Judge(path, "equals", $"\"{value}\"").Status);

    [Theory]
    [InlineData("/keyProtectEnabled", "true")]
    [InlineData("/jailbroken", "false")]
    [InlineData("/passcodeSet", "true")]
    public void Flags_have_paths_too(string path, string value) => Assert.Equal(RuleStatus.Compliant, Judge(path, "equals", value).Status);

    [Theory]
    [InlineData("/attributes/vpn/state", "equals", "\"down\"", "down", "up")]
    [InlineData("/attributes/battery", "lessThan", "5", "< 5", "88")]
    [InlineData("/attributes/on", "equals", "false", "false", "true")]
    [InlineData("/attributes/tags", "contains", "9", "contains 9", "an array")]
    [InlineData("/attributes/none", "equals", "1.50", "1.5", null)]
    [InlineData("/attributes/odd", "equals", "\"x\"", "x", "unreadable")]
    public void A_finding_says_what_was_expected_and_what_is(string path, string name, string value, string expected, string? actual)
    {
        var finding = Judge(path, name, value);

        Assert.Equal((expected, actual), (finding.Expected, finding.Actual));
    }

    private static Finding Judge(string path, string name, string value)
    {
        var attributes = Attributes.Replace("LONG", new string('x', 300), StringComparison.Ordinal);
        return Given.Judge(ARule(path, name, value), Given.APosture() with { Attributes = Utf8Block.FromText(attributes) });
    }

    private static string ARule(string path, string name, string value) =>
        $$"""{ "id": "a", "kind": "attribute", "path": "{{path}}", "operator": "{{name}}", "value": {{value}} }""";
}
