using System.Collections.Immutable;
using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>all</c>: as its worst child. <c>any</c>: as its best. Children that do not apply do not count.</summary>
internal sealed class GroupRule(RuleHead head, bool isAll, ImmutableArray<Rule> rules) : Rule(head)
{
    public const string All = "all";
    public const string Any = "any";
    private const int MaximumNamed = 5;
    private readonly string _expected = $"{(isAll ? All : Any)} of {Listing.Of(rules.Select(r => r.Id), MaximumNamed)}";

    public override string Kind => isAll ? All : Any;

    public ImmutableArray<Rule> Rules => rules;

    /// <remarks>
    /// An <c>all</c> fails since its first child did, an <c>any</c> since its last. It may turn whenever a child does: one look too
    /// many is harmless, and one too few is not.
    /// </remarks>
    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now)
    {
        RuleCheck? group = null;
        DateTimeOffset? knownAt = null;
        DateTimeOffset? turnsAt = null;
        foreach (var rule in rules)
        {
            var check = rule.Check(in facts, now);
            turnsAt = Instants.Earlier(turnsAt, check.TurnsAt);
            if (check.Fails)
            {
                knownAt = isAll ? Instants.Earlier(knownAt, check.KnownAt) : Instants.Later(check.KnownAt, knownAt);
            }

            if (check.Status is not RuleStatus.NotApplicable && (group is not { } other || Rank(check.Status) > Rank(other.Status) == isAll))
            {
                group = check;
            }
        }

        return group is not { } decided ? RuleCheck.NotApplicable : RuleCheck.Of(decided.Status, knownAt) with { TurnsAt = turnsAt };
    }

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now)
    {
        DateTimeOffset? reportedAt = null;
        var failing = new List<string>();
        foreach (var rule in rules)
        {
            if (rule.Check(in facts, now).Fails)
            {
                var words = rule.Describe(in facts, now);
                reportedAt = words.ReportedAt is { } said ? Instants.Later(said, reportedAt) : reportedAt;
                failing.Add($"{rule.Id} is {words.Actual ?? RuleStatus.Unknown.ToWire()}");
            }
        }

        return new RuleWords(_expected, failing.Count == 0 ? null : Listing.Of(failing, MaximumNamed), reportedAt);
    }

    internal override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartArray(Kind);
        foreach (var rule in rules)
        {
            rule.Write(json);
        }

        json.WriteEndArray();
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        WriteMembers(json);
        WriteTail(json);
        json.WriteEndObject();
    }

    /// <summary>From best to worst, as the status of a device: what is unknown might still be good, an error is worse than a clear no.</summary>
    private static int Rank(RuleStatus status) => status switch
    {
        RuleStatus.Compliant => 0,
        RuleStatus.Unknown => 1,
        RuleStatus.Noncompliant => 2,
        _ => 3,
    };
}
