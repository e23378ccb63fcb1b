using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>apps</c>: every required one is there, none that is blocked, and none outside of what is allowed.</summary>
internal sealed class AppsRule : Rule
{
    public const string KindName = "apps";
    private const int MaximumNamed = 5;
    private readonly AppLists _lists;
    private readonly FrozenDictionary<byte[], AppTerm> _terms;
    private readonly string _expected;

    private AppsRule(RuleHead head, AppLists lists)
        : base(head)
    {
        _lists = lists;
        var terms = new Dictionary<byte[], AppTerm>(Utf8Comparer.Instance);
        for (var i = 0; i < lists.Required.Length; i++)
        {
            terms[Encoding.UTF8.GetBytes(lists.Required[i].Id)] = new AppTerm { RequiredPlace = i };
        }

        foreach (var id in lists.Allowed ?? [])
        {
            var key = Encoding.UTF8.GetBytes(id);
            terms[key] = (terms.GetValueOrDefault(key) ?? new AppTerm()) with { IsAllowed = true };
        }

        foreach (var id in lists.Blocked)
        {
            var key = Encoding.UTF8.GetBytes(id);
            terms[key] = (terms.GetValueOrDefault(key) ?? new AppTerm()) with { IsBlocked = true };
        }

        _terms = terms.ToFrozenDictionary(Utf8Comparer.Instance);
        _expected = string.Join("; ", ExpectedParts(lists));
    }

    public override string Kind => KindName;

    public static Rule? Read(JsonScope scope, RuleHead head) => AppLists.Read(scope) is { } lists ? new AppsRule(head, lists) : null;

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now)
    {
        if (facts.Posture is not { Apps: { IsAbsent: false } apps })
        {
            return RuleCheck.Unknown(facts.ReportedAt);
        }

        var inspection = new AppInspection(_terms, _lists, stackalloc AppState[_lists.Required.Length], complaints: null);
        return RuleCheck.Of(inspection.Run(apps.Span), facts.AppsReportedAt ?? facts.ReportedAt);
    }

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now)
    {
        if (facts.Posture is not { Apps: { IsAbsent: false } apps })
        {
            return RuleWords.Of(_expected, null, null);
        }

        var complaints = new AppComplaints(MaximumNamed);
        var inspection = new AppInspection(_terms, _lists, stackalloc AppState[_lists.Required.Length], complaints);
        inspection.Run(apps.Span);
        return RuleWords.Of(_expected, complaints.ToString(), facts.AppsReportedAt ?? facts.ReportedAt);
    }

    internal override void WriteMembers(Utf8JsonWriter json) => _lists.Write(json);

    private static IEnumerable<string> ExpectedParts(AppLists lists)
    {
        if (lists.Required.Length > 0)
        {
            yield return $"required: {Listing.Of(lists.Required.Select(r => r.Minimum is null ? r.Id : $"{r.Id} >= {r.Minimum.Text}"), MaximumNamed)}";
        }

        if (lists.Blocked.Length > 0)
        {
            yield return $"blocked: {Listing.Of(lists.Blocked, MaximumNamed)}";
        }

        if (lists.Allowed is not null)
        {
            yield return $"allowed: {Listing.Of(lists.Allowed, MaximumNamed)}";
        }
    }
}
