namespace MdmOrleans.Core.Tests.Compliance;

/// <summary>What is wrong, and the one place that is named for it.</summary>
public sealed class PolicyRefusalTests
{
    private const string HeadOfRule = """ "id": "r", """;

    [Theory]
    [InlineData(""" "name": "y" """, "/name")]
    [InlineData(""" "unknown": 1 """, "/unknown")]
    [InlineData(""" "a/b~c": 1 """, "/a~1b~0c")]
    [InlineData(""" "graceHours": 8760.001 """, "/graceHours")]
    [InlineData(""" "graceHours": "48" """, "/graceHours")]
    [InlineData(""" "graceHours": null """, "/graceHours")]
    [InlineData(""" "graceHours": 1e999 """, "/graceHours")]
    [InlineData(""" "checkInSeconds": 29 """, "/checkInSeconds")]
    [InlineData(""" "checkInSeconds": 604801 """, "/checkInSeconds")]
    [InlineData(""" "checkInSeconds": 60.5 """, "/checkInSeconds")]
    [InlineData(""" "onRetire": "erase" """, "/onRetire")]
    [InlineData(""" "platforms": [] """, "/platforms")]
    [InlineData(""" "platforms": "ios" """, "/platforms")]
    [InlineData(""" "platforms": ["ios", "iOS"] """, "/platforms/1")]
    [InlineData(""" "platforms": ["ios", "ios"] """, "/platforms/1")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "2:00", "hours": 2 } """, "/patchWindow/start")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "24:00", "hours": 2 } """, "/patchWindow/start")]
    [InlineData(""" "patchWindow": { "day": "Sunday", "start": "02:00", "hours": 2 } """, "/patchWindow/day")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "02:00", "hours": 0 } """, "/patchWindow/hours")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "02:00", "hours": 25 } """, "/patchWindow/hours")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "timeZone": "Europe/Nowhere" } """, "/patchWindow/timeZone")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "timeZone": "../../../etc/passwd" } """, "/patchWindow/timeZone")]
    [InlineData(""" "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "zone": "device" } """, "/patchWindow/zone")]
    [InlineData(""" "patchWindow": [] """, "/patchWindow")]
    public void A_member_of_the_policy_that_is_wrong_is_named(string members, string pointer) =>
        Assert.Equal([pointer], PolicyReaderTests.Pointers(PolicyReaderTests.Members(members)));

    [Theory]
    [InlineData("""{ "action": "notify" }""", "/afterHours")]
    [InlineData("""{ "afterHours": 8761, "action": "notify" }""", "/afterHours")]
    [InlineData("""{ "afterHours": -1, "action": "notify" }""", "/afterHours")]
    [InlineData("""{ "afterHours": 1 }""", "/action")]
    [InlineData("""{ "afterHours": 1, "action": "explode" }""", "/action")]
    [InlineData("""{ "afterHours": 1, "action": "wipe" }""", "/action")]
    [InlineData("""{ "afterHours": 1, "action": "retire" }""", "/action")]
    [InlineData("""{ "afterHours": 1, "action": "command" }""", "/command")]
    [InlineData("""{ "afterHours": 1, "action": "lock", "command": { "kind": "message" } }""", "/command")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": {} }""", "/command/kind")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": { "kind": "wipe" } }""", "/command/kind")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": { "kind": "retire" } }""", "/command/kind")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": { "kind": "dance" } }""", "/command/kind")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": { "kind": "message", "parameters": [] } }""", "/command/parameters")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": { "kind": "message", "parameters": { "a": [{ "b": 1, "b": 2 }] } } }""", "/command/parameters/a/0/b")]
    [InlineData("""{ "afterHours": 1, "action": "command", "command": { "kind": "message", "when": 1 } }""", "/command/when")]
    [InlineData("""7""", "")]
    public void A_step_of_the_ladder_that_is_wrong_is_named(string step, string place) =>
        Assert.Equal([$"/onNoncompliance/0{place}"], PolicyReaderTests.Pointers(PolicyReaderTests.Members($""" "onNoncompliance": [{step}] """)));

    [Fact]
    public void Parameters_of_more_than_16_KiB_are_refused()
    {
        var step = $$"""{ "afterHours": 1, "action": "command", "command": { "kind": "custom", "parameters": { "a": "{{new string('x', 16 * 1024)}}" } } }""";

        Assert.Equal(["/onNoncompliance/0/command/parameters"], PolicyReaderTests.Pointers(PolicyReaderTests.Members($""" "onNoncompliance": [{step}] """)));
    }

    [Theory]
    [InlineData("""{ "kind": "encryption" }""", "/id")]
    [InlineData("""{ "id": "", "kind": "encryption" }""", "/id")]
    [InlineData("""{ "id": "a b", "kind": "encryption" }""", "/id")]
    [InlineData("""{ "id": "-a", "kind": "encryption" }""", "/id")]
    [InlineData("""{ "id": "r" }""", "/kind")]
    [InlineData("""{ "id": "r", "kind": 7 }""", "/kind")]
    [InlineData("""{ "id": "r", "kind": "Encryption" }""", "/kind")]
    [InlineData("""{ "id": "r", "kind": "encryption", "maximum": 1 }""", "/maximum")]
    [InlineData("""{ "id": "r", "kind": "encryption", "kind": "encryption" }""", "/kind")]
    [InlineData("""{ "id": "r", "kind": "encryption", "severity": "urgent" }""", "/severity")]
    [InlineData("""{ "id": "r", "kind": "encryption", "remediation": "{{ expected }}" }""", "/remediation")]
    [InlineData("""{ "id": "r", "kind": "encryption", "remediation": 5 }""", "/remediation")]
    [InlineData("""{ "id": "r", "all": [], "any": [{ "id": "c", "kind": "encryption" }] }""", "/all", "/any")]
    [InlineData("""{ "id": "r", "all": [{ "id": "c", "kind": "encryption" }], "kind": "encryption" }""", "/kind")]
    [InlineData("""{ "id": "r", "all": {} }""", "/all")]
    [InlineData("""{ "id": "r", "all": [{ "id": "r", "kind": "encryption" }] }""", "/all/0/id")]
    [InlineData("""{ "id": "r", "all": [null] }""", "/all/0")]
    [InlineData("""null""", "")]
    public void A_rule_that_is_wrong_is_named(string rule, params string[] places) =>
        Assert.Equal(places.Select(p => $"/rules/0{p}"), PolicyReaderTests.Pointers(PolicyReaderTests.Rules(rule)));

    [Theory]
    [InlineData(""" "kind": "osVersion" """, "/minimum")]
    [InlineData(""" "kind": "osVersion", "minimum": "14" """, "/minimum")]
    [InlineData(""" "kind": "osVersion", "minimum": {} """, "/minimum")]
    [InlineData(""" "kind": "osVersion", "minimum": { "symbian": "14" } """, "/minimum/symbian")]
    [InlineData(""" "kind": "osVersion", "minimum": { "android": 14 } """, "/minimum/android")]
    [InlineData(""" "kind": "osVersion", "minimum": { "android": "14.x" } """, "/minimum/android")]
    [InlineData(""" "kind": "osVersion", "minimum": { "android": "14", "android": "15" } """, "/minimum/android")]
    [InlineData(""" "kind": "osVersion", "minimum": { "android": "14" }, "maximum": { "android": "13.9" } """, "/maximum/android")]
    [InlineData(""" "kind": "osVersion", "blocked": { "android": "14" } """, "/blocked/android")]
    [InlineData(""" "kind": "osVersion", "blocked": { "android": ["14", "x"] } """, "/blocked/android/1")]
    [InlineData(""" "kind": "patchLevel" """, "/maximumAgeDays")]
    [InlineData(""" "kind": "patchLevel", "maximumAgeDays": -1 """, "/maximumAgeDays")]
    [InlineData(""" "kind": "patchLevel", "maximumAgeDays": 1.5 """, "/maximumAgeDays")]
    [InlineData(""" "kind": "checkIn" """, "/maximumHours")]
    [InlineData(""" "kind": "checkIn", "maximumHours": 0 """, "/maximumHours")]
    [InlineData(""" "kind": "checkIn", "maximumHours": 1e-20 """, "/maximumHours")]
    [InlineData(""" "kind": "checkIn", "maximumHours": 2880.1 """, "/maximumHours")]
    [InlineData(""" "kind": "apps" """, "/blocked")]
    [InlineData(""" "kind": "apps", "blocked": [] """, "/blocked")]
    [InlineData(""" "kind": "apps", "blocked": ["a", 7] """, "/blocked/1")]
    [InlineData(""" "kind": "apps", "blocked": ["a", "a"] """, "/blocked/1")]
    [InlineData(""" "kind": "apps", "required": ["a"] """, "/required/0")]
    [InlineData(""" "kind": "apps", "required": [{ "minimumVersion": "1" }] """, "/required/0/id")]
    [InlineData(""" "kind": "apps", "required": [{ "id": "a", "minimumVersion": "1-beta" }] """, "/required/0/minimumVersion")]
    [InlineData(""" "kind": "apps", "required": [{ "id": "a", "version": "1" }] """, "/required/0/version")]
    [InlineData(""" "kind": "apps", "required": [{ "id": "a" }], "blocked": ["a"] """, "/required/0/id")]
    [InlineData(""" "kind": "apps", "required": [{ "id": "a" }], "allowed": ["b"] """, "/required/0/id")]
    public void A_member_of_a_rule_that_is_wrong_is_named(string members, string place) => AssertNamed(members, place);

    [Theory]
    [InlineData(""" "operator": "exists" """, "/path")]
    [InlineData(""" "path": "attributes/a", "operator": "exists" """, "/path")]
    [InlineData(""" "path": "/attributes/~2", "operator": "exists" """, "/path")]
    [InlineData(""" "path": "/attributes/~", "operator": "exists" """, "/path")]
    [InlineData(""" "path": "/", "operator": "exists" """, "/path")]
    [InlineData(""" "path": "/atributes/a", "operator": "exists" """, "/path")]
    [InlineData(""" "path": "/osVersion/0", "operator": "exists" """, "/path")]
    [InlineData(""" "path": "/model", "value": 1 """, "/operator")]
    [InlineData(""" "path": "/model", "operator": "like", "value": 1 """, "/operator")]
    [InlineData(""" "path": "/model", "operator": "equals" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "equals", "value": null """, "/value")]
    [InlineData(""" "path": "/model", "operator": "equals", "value": [1] """, "/value")]
    [InlineData(""" "path": "/model", "operator": "equals", "value": 1e29 """, "/value")]
    [InlineData(""" "path": "/model", "operator": "atLeast", "value": "new" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "atLeast", "value": true """, "/value")]
    [InlineData(""" "path": "/model", "operator": "in", "value": "a" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "in", "value": [] """, "/value")]
    [InlineData(""" "path": "/model", "operator": "in", "value": ["a", {}] """, "/value/1")]
    [InlineData(""" "path": "/model", "operator": "exists", "value": "yes" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "matches", "value": "(" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "matches", "value": "(?=a)" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "matches", "value": "(a)\\1" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "matches", "value": "(.*a.{100}){4}" """, "/value")]
    [InlineData(""" "path": "/model", "operator": "matches", "value": "" """, "/value")]
    public void A_member_of_an_attribute_rule_that_is_wrong_is_named(string members, string place) =>
        AssertNamed($""" "kind": "attribute", {members} """, place);

    [Fact]
    public void Regular_expressions_are_few()
    {
        var rules = Enumerable.Range(0, 21).Select(i => $$"""{ "id": "r{{i}}", "kind": "attribute", "path": "/model", "operator": "matches", "value": "a" }""");

        Assert.Equal("quota_exceeded", Given.Reading(PolicyReaderTests.Rules(string.Join(',', rules))).Problem?.Code);
    }

    private static void AssertNamed(string members, string place) =>
        Assert.Equal([$"/rules/0{place}"], PolicyReaderTests.Pointers(PolicyReaderTests.Rules($$"""{ {{HeadOfRule}} {{members}} }""")));
}
