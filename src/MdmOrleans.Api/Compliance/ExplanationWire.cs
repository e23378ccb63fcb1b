using System.Collections.Immutable;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Compliance;
using MdmOrleans.Core;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Api.Compliance;

internal static class ExplanationWire
{
    private static readonly string[] NotKept = ["apps", "attributes that no rule read", "lastCheckInAt", "pendingCommands"];

    public static ExplanationBody ToBody(this Explanation explanation, DateTimeOffset at) => new()
    {
        Tenant = explanation.Device.Id.Tenant.Name,
        Device = explanation.Device.Id.Name,
        At = at,
        Lifecycle = explanation.Device.Lifecycle.ToWire(),
        QuarantineReasons = [.. explanation.Device.QuarantineReasons.ToWire()],
        Compliance = explanation.Device.Compliance.Status.ToWire(),
        Access = explanation.Device.Access.Level.ToWire(),
        AccessReason = explanation.Device.Access.Reason,
        NoncompliantSince = explanation.Device.Compliance.NoncompliantSince,
        GraceEndsAt = explanation.Device.Compliance.GraceEndsAt,
        Policy = ToReference(explanation.Device.Compliance.Policy),
        Rules = ToBodies(explanation.Rules),
        Coming = [.. explanation.Coming.Select(ToBody)],
        Remedies = [.. explanation.Remedies.Select(ToBody)],
        NextEvaluationAt = explanation.NextEvaluationAt,
    };

    public static ExplanationBody ToBody(this PastExplanation explanation, DateTimeOffset at) => new()
    {
        Tenant = explanation.Twin.Id.Tenant.Name,
        Device = explanation.Twin.Id.Name,
        At = at,
        Lifecycle = explanation.Twin.Lifecycle.ToWire(),
        QuarantineReasons = [.. explanation.Twin.QuarantineReasons.ToWire()],
        Compliance = explanation.Twin.Compliance.ToWire(),
        Access = explanation.Twin.Access?.Level.ToWire() ?? AccessNames.Quarantine,
        AccessReason = explanation.Twin.Access?.Reason,
        NoncompliantSince = explanation.Twin.NoncompliantSince,
        GraceEndsAt = explanation.Twin.GraceEndsAt,
        Policy = ToReference(explanation.Twin.Policy),
        Rules = ToBodies(explanation.Rules),
        Coming = [.. explanation.Coming.Select(ToBody)],
        Remedies = [.. explanation.Remedies.Select(ToBody)],
        NextEvaluationAt = null,
        NotKept = NotKept,
    };

    private static PolicyReference? ToReference(PolicyVersion? policy) => policy is null ? null : new PolicyReference(policy.Id, policy.Version);

    private static ExplainedRuleBody[] ToBodies(ImmutableArray<ExplainedRule> rules) => [.. rules.Select(ToBody)];

    private static ExplainedRuleBody ToBody(ExplainedRule rule) => new()
    {
        Rule = rule.Finding.Rule,
        Kind = rule.Kind,
        Status = rule.Finding.Status.ToWire(),
        Severity = rule.Finding.Severity.ToWire(),
        Expected = rule.Finding.Expected,
        Actual = rule.Finding.Actual,
        ReportedAt = rule.Finding.ReportedAt,
        Since = rule.Finding.Since,
        Remediation = rule.Finding.Remediation,
        TurnsAt = rule.TurnsAt,
        Children = ToBodies(rule.Children),
    };

    private static ComingStepBody ToBody(ComingStep step) =>
        new(step.At, step.Kind, step.Actor, step.Reason, step.From, step.To, new RawJson(step.Detail.Memory));

    private static RemedyBody ToBody(Remedy remedy) => new(remedy.Obstacle, remedy.Cure);
}
