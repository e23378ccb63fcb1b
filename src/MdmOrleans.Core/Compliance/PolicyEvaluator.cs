using System.Collections.Immutable;
using MdmOrleans.Core.Compliance.Rules;

namespace MdmOrleans.Core.Compliance;

/// <summary>Judges a device by a policy. Pure: the same input gives the same findings, whenever it is asked.</summary>
public static class PolicyEvaluator
{
    /// <summary>The rules that fail at <paramref name="now"/>.</summary>
    /// <param name="before">The findings of the last evaluation: a rule that fails in them keeps its since.</param>
    /// <param name="effectiveAt">The later of the storing of this version and of its assignment: no since is before it.</param>
    public static PolicyResult Evaluate(
        Policy policy, in Facts facts, ImmutableArray<Finding> before, DateTimeOffset effectiveAt, DateTimeOffset now)
    {
        ImmutableArray<Finding>.Builder? findings = null;
        DateTimeOffset? nextChangeAt = null;
        var memory = new FindingMemory(before);
        foreach (var rule in policy.Rules)
        {
            var check = rule.Check(in facts, now);
            nextChangeAt = Instants.Earlier(nextChangeAt, check.TurnsAt);
            if (check.Fails)
            {
                findings ??= ImmutableArray.CreateBuilder<Finding>();
                findings.Add(memory.Recall(Describe(rule, check, in facts, memory.SinceOf(rule.Id), effectiveAt, now)));
            }
        }

        return new PolicyResult(memory.Keep(findings), nextChangeAt);
    }

    /// <summary>Every rule, also those that pass or do not apply, with the children of groups.</summary>
    public static ImmutableArray<ExplainedRule> Explain(
        Policy policy, in Facts facts, ImmutableArray<Finding> before, DateTimeOffset effectiveAt, DateTimeOffset now)
    {
        var memory = new FindingMemory(before);
        var rules = ImmutableArray.CreateBuilder<ExplainedRule>(policy.Rules.Length);
        foreach (var rule in policy.Rules)
        {
            var check = rule.Check(in facts, now);
            var finding = Describe(rule, check, in facts, memory.SinceOf(rule.Id), effectiveAt, now);
            rules.Add(Explain(rule, check, finding, in facts, now));
        }

        return rules.MoveToImmutable();
    }

    private static ExplainedRule Explain(Rule rule, RuleCheck check, Finding finding, in Facts facts, DateTimeOffset now)
    {
        var children = ImmutableArray<ExplainedRule>.Empty;
        if (rule is GroupRule group)
        {
            var builder = ImmutableArray.CreateBuilder<ExplainedRule>(group.Rules.Length);
            foreach (var child in group.Rules)
            {
                var childCheck = child.Check(in facts, now);
                var childFinding = Describe(child, childCheck, in facts, null, DateTimeOffset.MinValue, now) with { Since = null };
                builder.Add(Explain(child, childCheck, childFinding, in facts, now));
            }

            children = builder.MoveToImmutable();
        }

        return new ExplainedRule { Finding = finding, Kind = rule.Kind, TurnsAt = check.TurnsAt, Children = children };
    }

    private static Finding Describe(
        Rule rule, RuleCheck check, in Facts facts, DateTimeOffset? since, DateTimeOffset effectiveAt, DateTimeOffset now)
    {
        var words = rule.Describe(in facts, now);
        return new Finding
        {
            Rule = rule.Id,
            Status = check.Status,
            Severity = rule.Severity,
            Expected = words.Expected,
            Actual = words.Actual,
            ReportedAt = words.ReportedAt,
            Since = check.Fails ? since ?? Instants.Later(effectiveAt, check.KnownAt) : null,
            Remediation = check.Fails ? rule.Remediation?.Fill(words) : null,
        };
    }
}
