using MdmOrleans.Core.Access;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Tests.Compliance;

public sealed class PolicyPreviewTests
{
    private const string Stricter =
        """
        { "name": "Stricter", "graceHours": 24, "onNoncompliance": [ { "afterHours": 72, "action": "nominateRetire" }, { "afterHours": 1, "action": "notify" } ],
          "rules": [ { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "17" } }, { "id": "passcode", "kind": "passcode", "severity": "advisory" } ] }
        """;

    [Fact]
    public void A_device_that_would_begin_to_fail_is_told_with_its_rules_and_what_would_come_when()
    {
        var preview = Preview(Stricter);

        var outcome = preview.Judge(A.ActiveDevice("16.5"));

        Assert.True(outcome.IsChange);
        Assert.Equal((ComplianceStatus.Compliant, ComplianceStatus.InGracePeriod), (outcome.Before.Compliance.Status, outcome.After.Compliance.Status));
        Assert.Equal(["os-minimum", "passcode"], outcome.Rules);
        Assert.Equal(A.Now.AddHours(24), outcome.After.Compliance.GraceEndsAt);
        Assert.Equal(
            [(LadderAction.Notify, A.Now.AddHours(1)), (LadderAction.NominateRetire, A.Now.AddHours(72))],
            outcome.Steps.Select(step => (step.Step.Action, step.At)));
    }

    [Fact]
    public void A_device_that_would_pass_is_told_with_the_rule_that_it_failed()
    {
        var preview = Preview("""{ "name": "Looser", "rules": [] }""");

        var outcome = preview.Judge(A.ActiveDevice("15.0"));

        Assert.Equal((ComplianceStatus.InGracePeriod, ComplianceStatus.Compliant), (outcome.Before.Compliance.Status, outcome.After.Compliance.Status));
        Assert.Equal(["os-minimum"], outcome.Rules);
        Assert.Empty(outcome.Steps);
    }

    [Fact]
    public void Without_grace_a_device_would_be_quarantined_at_once()
    {
        var preview = Preview(
            """{ "name": "Now", "graceHours": 0, "rules": [ { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "17" } } ] }""");

        var outcome = preview.Judge(A.ActiveDevice("16.5"));

        Assert.Equal((LifecycleState.Quarantined, AccessLevel.Quarantine), (outcome.After.Lifecycle, outcome.After.Access.Level));
    }

    [Fact]
    public void A_longer_grace_is_a_change_even_where_the_status_stays()
    {
        var preview = Preview(
            """{ "name": "Patient", "graceHours": 96, "rules": [ { "id": "os-minimum", "kind": "osVersion", "minimum": { "android": "16" } } ] }""");

        var outcome = preview.Judge(A.ActiveDevice("15.0"));

        Assert.True(outcome.IsChange);
        Assert.Equal((ComplianceStatus.InGracePeriod, A.Now.AddHours(96)), (outcome.After.Compliance.Status, outcome.After.Compliance.GraceEndsAt));
    }

    [Fact]
    public void The_policy_as_it_is_changes_nothing()
    {
        var preview = PolicyPreview.Of(A.TenantView(A.Policy()), A.Policy(), asDefault: false, A.Now.AddMinutes(1));

        Assert.False(preview.Judge(A.ActiveDevice("15.0")).IsChange);
        Assert.False(preview.Judge(A.ActiveDevice("16.5")).IsChange);
    }

    [Fact]
    public void A_device_that_another_policy_judges_stays_as_it_is()
    {
        var preview = Preview(Stricter);

        Assert.False(preview.Judge(A.ActiveDevice("16.5") with { AssignedPolicy = "special" }).IsChange);
    }

    [Fact]
    public void As_the_default_it_judges_what_has_no_policy_of_its_own()
    {
        var draft = PolicyReader.Read(System.Text.Encoding.UTF8.GetBytes(Stricter), new PolicyVersion("new", 1), A.Now).Value!; // it is one
        var view = A.TenantView(A.Policy());

        Assert.False(PolicyPreview.Of(view, draft, asDefault: false, A.Now).Judge(A.ActiveDevice("16.5")).IsChange);
        Assert.True(PolicyPreview.Of(view, draft, asDefault: true, A.Now).Judge(A.ActiveDevice("16.5")).IsChange);
        Assert.False(PolicyPreview.Of(view, draft, asDefault: true, A.Now).Judge(A.ActiveDevice("16.5") with { AssignedPolicy = "baseline" }).IsChange);
    }

    [Fact]
    public void A_platform_that_the_draft_leaves_out_is_left_without_a_policy()
    {
        var preview = Preview("""{ "name": "Apples", "platforms": ["ios"], "rules": [] }""");

        var outcome = preview.Judge(A.ActiveDevice("16.5"));

        Assert.Equal((ComplianceStatus.Noncompliant, "policy-assigned"), (outcome.After.Compliance.Status, Assert.Single(outcome.Rules)));
    }

    [Fact]
    public void Who_was_never_heard_of_is_not_judged()
    {
        Assert.False(Preview(Stricter).Judge(A.Device()).IsChange);
    }

    private static PolicyPreview Preview(string draft) =>
        PolicyPreview.Of(A.TenantView(A.Policy()), A.Policy(draft, version: 2, storedAt: A.Now), asDefault: false, A.Now);
}
