using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyReaderTests
{
    internal const string Example = """
        { "name": "Baseline", "platforms": ["android", "ios"],
          "rules": [
            { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "14", "ios": "16.5" }, "remediation": "Update to {{expected}}." },
            { "id": "encrypted", "kind": "encryption" },
            { "id": "hardware-keys", "kind": "keyProtection", "severity": "advisory" },
            { "id": "not-jailbroken", "kind": "jailbreak" },
            { "id": "patched", "kind": "patchLevel", "maximumAgeDays": 60 },
            { "id": "apps", "kind": "apps", "blocked": ["com.example.sideload"], "required": [{ "id": "com.microsoft.teams", "minimumVersion": "1.0" }] },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 720 },
            { "id": "vpn", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" },
            { "any": [ { "id": "a", "kind": "passcode" }, { "id": "b", "kind": "attribute", "path": "/attributes/kiosk", "operator": "equals", "value": true } ], "id": "locked-down" }
          ],
          "graceHours": 48,
          "onNoncompliance": [ { "afterHours": 0, "action": "notify" }, { "afterHours": 720, "action": "nominateRetire" } ],
          "onRetire": "retire",
          "patchWindow": { "day": "sunday", "start": "02:00", "hours": 2, "timeZone": "device" },
          "checkInSeconds": 900 }
        """;

    [Fact]
    public void The_example_of_the_interface_is_a_policy()
    {
        var policy = Given.APolicy(Example);

        Assert.Equal("Baseline", policy.Name);
        Assert.Equal([Platform.Android, Platform.Ios], policy.Platforms!.Value.AsEnumerable());
        Assert.Equal(
            ["os-minimum", "encrypted", "hardware-keys", "not-jailbroken", "patched", "apps", "heard-from", "vpn", "locked-down"],
            policy.Rules.Select(r => r.Id));
        Assert.Equal(TimeSpan.FromHours(48), policy.Grace);
        Assert.Equal(TimeSpan.FromSeconds(900), policy.CheckInInterval);
        Assert.Equal(
            [new LadderStep(TimeSpan.Zero, LadderAction.Notify, null), new LadderStep(TimeSpan.FromHours(720), LadderAction.NominateRetire, null)],
            policy.OnNoncompliance.AsEnumerable());
        Assert.Equal(new PatchWindow(DayOfWeek.Sunday, new TimeOnly(2, 0), TimeSpan.FromHours(2), TimeZone: null), policy.PatchWindow);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var policy = Given.APolicy("""{ "name": "x", "rules": [{ "id": "e", "kind": "encryption" }] }""");

        Assert.Null(policy.Platforms);
        Assert.Equal(TimeSpan.FromHours(48), policy.Grace);
        Assert.Equal(TimeSpan.FromSeconds(900), policy.CheckInInterval);
        Assert.Equal(RetirementAction.Retire, policy.OnRetire);
        Assert.Empty(policy.OnNoncompliance);
        Assert.Null(policy.PatchWindow);
        Assert.Equal(Severity.Required, Assert.Single(policy.Rules).Severity);
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.5", 30)]
    [InlineData("8760", 525_600)]
    [InlineData("1e1", 600)]
    public void Hours_may_be_fractions(string hours, double minutes)
    {
        var policy = Given.APolicy(Members($$""" "graceHours": {{hours}}, "onNoncompliance": [{ "afterHours": {{hours}}, "action": "lock" }] """));

        Assert.Equal(TimeSpan.FromMinutes(minutes), policy.Grace);
        Assert.Equal(TimeSpan.FromMinutes(minutes), policy.OnNoncompliance[0].After);
    }

    [Fact]
    public void A_ladder_queues_a_command_with_its_parameters()
    {
        const string Step = """{ "afterHours": 1, "action": "command", "command": { "kind": "message", "parameters": { "text": "Update, please" } } }""";

        var policy = Given.APolicy(Members($$""" "onNoncompliance": [{{Step}}] """));

        var command = Assert.Single(policy.OnNoncompliance).Command;
        Assert.Equal(new LadderCommand(CommandKind.Message, Utf8Block.FromText("""{"text":"Update, please"}""")), command);
    }

    [Fact]
    public void Groups_nest_eight_deep_and_no_deeper()
    {
        Assert.Null(Given.Reading(Rules(Nested(8))).Problem);
        Assert.Equal(["/rules/0" + string.Concat(Enumerable.Repeat("/all/0", 8)) + "/all"], Pointers(Rules(Nested(9))));

        static string Nested(int groups) =>
            groups == 0 ? """{ "id": "leaf", "kind": "encryption" }""" : $$"""{ "id": "g{{groups}}", "all": [{{Nested(groups - 1)}}] }""";
    }

    [Fact]
    public void A_policy_has_two_hundred_rules_groups_included_and_no_more()
    {
        Assert.Null(Given.Reading(Rules(Many(200))).Problem);
        Assert.Equal(["/rules/0/any/199"], Pointers(Rules($$"""{ "id": "group", "any": [{{Many(200)}}] }""")));

        static string Many(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{ "id": "r{{i}}", "kind": "encryption" }"""));
    }

    [Theory]
    [InlineData("/attributes/a~0b~1c")]
    [InlineData("/attributes/")]
    [InlineData("/attributes")]
    [InlineData("/apps/0/version")]
    [InlineData("/timeZone")]
    public void A_path_into_the_posture_is_accepted(string path) =>
        Assert.Null(Given.Reading(Rules($$"""{ "id": "r", "kind": "attribute", "path": "{{path}}", "operator": "exists" }""")).Problem);

    [Theory]
    [InlineData("^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$")]
    [InlineData("^(corp|lab)-[a-z0-9-]+$")]
    public void A_common_regular_expression_is_accepted(string pattern) =>
        Assert.Null(Given.Reading(Rules($$"""{ "id": "r", "kind": "attribute", "path": "/model", "operator": "matches", "value": "{{pattern}}" }""")).Problem);

    [Theory]
    [InlineData("")]
    [InlineData("nul")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{ 'name': 1 }")]
    [InlineData("{ \"name\": \"x\", \"rules\": [], }")]
    [InlineData("{ \"name\": \"x\", /* no comments */ \"rules\": [] }")]
    [InlineData("{ \"name\": \"\\ud800\", \"rules\": [] }")]
    [InlineData("{ \"\\ud800\": 1 }")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"policy\"")]
    public void What_is_no_object_in_JSON_is_refused_as_a_whole(string json) => Assert.Equal([""], Pointers(json));

    [Fact]
    public void Invalid_UTF8_is_refused_as_a_whole()
    {
        var outcome = PolicyReader.Read(new byte[] { (byte)'{', (byte)'"', 0xC3, (byte)'"', (byte)':', (byte)'1', (byte)'}' }, new PolicyVersion("p", 1), Given.Now);

        Assert.Equal([""], outcome.Problem!.Errors.Select(e => e.Pointer));
    }

    [Fact]
    public void JSON_that_is_nested_without_end_is_refused()
    {
        Assert.Equal([""], Pointers(string.Concat(Enumerable.Repeat("[", 10_000))));
    }

    [Fact]
    public void A_policy_that_is_too_large_is_refused_unread()
    {
        var outcome = Given.Reading(new string(' ', PolicyReader.MaximumBytes + 1));

        Assert.Equal(PolicyProblems.TooLarge, outcome.Problem);
    }

    [Fact]
    public void Every_error_is_found_and_not_only_the_first()
    {
        const string Json = """
            { "name": 7, "colour": "red", "graceHours": -1,
              "rules": [ { "id": "a", "kind": "ghost" }, { "id": "a", "kind": "checkIn" }, { "any": [ { "kind": "passcode", "x": 1 } ], "id": "b" } ] }
            """;

        Assert.Equal(
            ["/colour", "/graceHours", "/name", "/rules/0/kind", "/rules/1/id", "/rules/1/maximumHours", "/rules/2/any/0/id", "/rules/2/any/0/x"],
            Pointers(Json).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_answer_stays_short_however_much_is_wrong()
    {
        var json = Members(string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"x{i}\": 1")));

        Assert.Equal(200, Pointers(json).Length);
    }

    [Fact]
    public void What_is_stored_is_read_or_else_it_is_broken()
    {
        var version = new PolicyVersion("baseline", 4);

        var policy = PolicyReader.ReadStored(PolicyWriter.Write(Given.APolicy(Example)), version, Given.Now);
        var error = Assert.Throws<InvalidDataException>(() => PolicyReader.ReadStored(Utf8Block.FromText("{}"), version, Given.Now));

        Assert.Equal((version, Given.Now), (policy.Version, policy.StoredAt));
        Assert.Contains("baseline", error.Message, StringComparison.Ordinal);
    }

    internal static string Members(string members) => $$"""{ "name": "x", "rules": [], {{members}} }""";

    internal static string Rules(string rules) => $$"""{ "name": "x", "rules": [{{rules}}] }""";

    internal static string[] Pointers(string json)
    {
        var problem = Given.Reading(json).Problem;
        Assert.NotNull(problem);
        Assert.Equal((ProblemKind.Invalid, "policy_invalid"), (problem.Kind, problem.Code));
        return [.. problem.Errors.Select(e => e.Pointer)];
    }
}
