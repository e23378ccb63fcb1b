using System.Collections.Immutable;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class ExplanationRulesTests
{
    private const string Rich =
        """
        { "name": "Rich", "graceHours": 48,
          "onNoncompliance": [ { "afterHours": 24, "action": "notify" }, { "afterHours": 72, "action": "block" } ],
          "rules": [
            { "id": "os", "kind": "osVersion", "minimum": { "android": "16" }, "remediation": "Update to {{expected}}." },
            { "id": "apple", "kind": "osVersion", "minimum": { "ios": "16" } },
            { "id": "heard-from", "kind": "checkIn", "maximumHours": 30 },
            { "id": "safe", "any": [ { "id": "pin", "kind": "passcode" }, { "id": "disk", "kind": "encryption" } ] } ] }
        """;

    private static readonly PolicyAssignment Policy = new(A.Policy(Rich), A.Now.AddDays(-1), true);

    [Fact]
    public void Every_rule_is_explained_also_those_that_pass_or_do_not_apply()
    {
        var explanation = ExplanationRules.Explain(CheckedIn("16.5"), Policy, A.Now);

        Assert.Equal(
            ["os Compliant", "apple NotApplicable", "heard-from Compliant", "safe Compliant"],
            explanation.Rules.Select(rule => $"{rule.Finding.Rule} {rule.Finding.Status}"));
        Assert.Equal(A.Now.AddHours(30), explanation.Rules[2].TurnsAt);
        Assert.Equal(["pin Unknown", "disk Compliant"], explanation.Rules[3].Children.Select(rule => $"{rule.Finding.Rule} {rule.Finding.Status}"));
        Assert.Equal((A.Now, "16.5"), (explanation.Rules[0].Finding.ReportedAt!.Value, explanation.Rules[0].Finding.Actual));
    }

    [Fact]
    public void What_comes_is_what_really_comes()
    {
        var device = CheckedIn("15.0");
        var explanation = ExplanationRules.Explain(device, Policy, A.Now);

        var events = new List<DeviceEvent>();
        for (var hour = 1; hour <= 200; hour++)
        {
            var decision = DeadlineRules.Act(device, Policy, A.Now.AddHours(hour));
            events.AddRange(decision.Events);
            device = decision.Device;
        }

        Assert.Equal(events.Select(e => (e.At, e.Kind, e.From, e.To, e.Reason)), explanation.Coming.Select(step => (step.At, step.Kind, step.From, step.To, step.Reason)));
        Assert.Contains(explanation.Coming, step => step is { Kind: EventKinds.LifecycleChanged, To: "Quarantined" } && step.At == A.Now.AddHours(48));
        Assert.Contains(explanation.Coming, step => step is { Kind: EventKinds.AccessChanged, To: "block" } && step.At == A.Now.AddHours(72));
    }

    [Fact]
    public void Silence_comes_at_its_limit_and_leads_on_to_the_quarantine()
    {
        var explanation = ExplanationRules.Explain(CheckedIn("16.5"), Policy, A.Now);

        Assert.Equal(
            [(A.Now.AddHours(30), "inGracePeriod"), (A.Now.AddHours(78), "noncompliant")],
            explanation.Coming.Where(step => step.Kind == EventKinds.ComplianceChanged).Select(step => (step.At, step.To)));
    }

    [Fact]
    public void A_command_that_expires_is_among_what_comes()
    {
        var (device, command) = CheckedIn("16.5").Queued();

        var explanation = ExplanationRules.Explain(device, Policy, A.Now);

        var step = Assert.Single(explanation.Coming, step => step.Kind == EventKinds.CommandStatusChanged);
        Assert.Equal((command.ExpiresAt, CommandStatus.Expired.ToWire()), (step.At, step.To));
    }

    [Fact]
    public void Explaining_what_is_overdue_says_what_it_is_by_now()
    {
        var explanation = ExplanationRules.Explain(CheckedIn("15.0"), Policy, A.Now.AddHours(50));

        Assert.Equal(LifecycleState.Quarantined, explanation.Device.Lifecycle);
        Assert.DoesNotContain(explanation.Coming, step => step.At <= A.Now.AddHours(50));
    }

    [Fact]
    public void Each_obstacle_has_its_cure()
    {
        var device = CheckedIn("15.0") with { QuarantineReasons = QuarantineReasons.Lost | QuarantineReasons.Operator, Lifecycle = LifecycleState.Quarantined };

        var remedies = ExplanationRules.Explain(device, Policy, A.Now).Remedies;

        Assert.Equal(["rule:os", "quarantine:lost", "quarantine:operator"], remedies.Select(remedy => remedy.Obstacle));
        Assert.Equal("Update to 16 or later.", remedies[0].Cure);
    }

    [Fact]
    public void Before_its_first_check_in_every_rule_is_unknown_and_no_clock_runs()
    {
        var explanation = ExplanationRules.Explain(A.Device(), Policy, A.Now);

        Assert.All(explanation.Rules.Where(rule => rule.Finding.Rule != "apple"), rule => Assert.Equal((RuleStatus.Unknown, null), (rule.Finding.Status, rule.Finding.Since)));
        Assert.Empty(explanation.Coming);
        Assert.Equal(["lifecycle:Provisioned"], explanation.Remedies.Select(remedy => remedy.Obstacle));
        Assert.Null(explanation.NextEvaluationAt);
    }

    [Fact]
    public void What_is_expected_of_it_is_told_before_its_first_check_in_where_its_platform_is_known()
    {
        var explanation = ExplanationRules.Explain(A.Device() with { ExpectedPlatform = Platform.Android }, Policy, A.Now);

        Assert.Equal(
            [("os", RuleStatus.Unknown, ">= 16"), ("apple", RuleStatus.NotApplicable, null)],
            explanation.Rules.Take(2).Select(rule => (rule.Finding.Rule, rule.Finding.Status, rule.Finding.Expected)));
    }

    [Fact]
    public void Without_a_policy_that_is_what_is_missing()
    {
        var none = new PolicyAssignment(null, A.Now.AddDays(-1), true);
        var device = CheckInRules.Accept(A.Device(), A.CheckIn(), none, A.Now).Device;

        var rule = Assert.Single(ExplanationRules.Explain(device, none, A.Now).Rules);

        Assert.Equal(("policy-assigned", RuleStatus.Noncompliant), (rule.Finding.Rule, rule.Finding.Status));
    }

    [Fact]
    public void A_past_instant_is_explained_by_what_was_found_then_and_what_was_coming()
    {
        var history = History(("16.5", 0), ("15.0", 1), ("16.5", 40));
        var at = A.Now.AddHours(26);
        var past = new PastTwin { Id = A.Id }.Apply(history, at);

        var explanation = ExplanationRules.Explain(past, Policy, at);

        Assert.Equal(
            ["os Noncompliant 15.0", "apple NotApplicable 15.0", "heard-from Compliant", "safe Compliant pin is unknown"],
            explanation.Rules.Select(rule => rule.Finding.Rule == "heard-from"
                ? $"{rule.Finding.Rule} {rule.Finding.Status}"
                : $"{rule.Finding.Rule} {rule.Finding.Status} {rule.Finding.Actual}"));
        Assert.Equal(A.Now.AddHours(1), explanation.Rules[0].Finding.Since);
        Assert.Equal(
            [(A.Now.AddHours(49), EventKinds.ComplianceChanged), (A.Now.AddHours(73), EventKinds.LadderStepTaken)],
            explanation.Coming.Select(step => (step.At, step.Kind)));
        Assert.Equal(["rule:os"], explanation.Remedies.Select(remedy => remedy.Obstacle));
    }

    [Fact]
    public void What_the_history_does_not_keep_is_not_held_against_the_past()
    {
        var policy = new PolicyAssignment(
            A.Policy("""{ "name": "Apps", "rules": [ { "id": "apps", "kind": "apps", "required": [ { "id": "com.example" } ] } ] }"""), A.Now.AddDays(-1), true);
        var posture = A.Posture() with { Apps = Utf8Block.FromText("""[{ "id": "com.example", "version": "1.0" }]""") };
        var created = A.Created();
        var accepted = CheckInRules.Accept(created.Device, new CheckIn { Posture = posture }, policy, A.Now);
        var past = new PastTwin { Id = A.Id }.Apply([.. created.Events, .. accepted.Events], A.Now);

        var rule = Assert.Single(ExplanationRules.Explain(past, policy, A.Now).Rules);

        Assert.Equal((RuleStatus.Compliant, null), (rule.Finding.Status, rule.Finding.Since));
    }

    private static Device CheckedIn(string os) => CheckInRules.Accept(A.Device(), A.CheckIn(os), Policy, A.Now).Device;

    private static ImmutableArray<DeviceEvent> History(params (string Os, int Hour)[] checkIns)
    {
        var created = A.Created();
        var (device, events) = (created.Device, created.Events);
        foreach (var (os, hour) in checkIns)
        {
            var decision = CheckInRules.Accept(device, A.CheckIn(os), Policy, A.Now.AddHours(hour));
            (device, events) = (decision.Device, events.AddRange(decision.Events));
        }

        return events;
    }
}
