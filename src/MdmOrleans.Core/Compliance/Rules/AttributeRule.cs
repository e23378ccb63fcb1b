using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Attributes;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>attribute</c>: whatever stands at a place of the posture, by an operator.</summary>
internal sealed class AttributeRule : Rule
{
    public const string KindName = "attribute";
    private const int MaximumPathLength = 500;
    private readonly ValueOperator _operator;

    private AttributeRule(RuleHead head, PosturePath path, ValueOperator valueOperator)
        : base(head) => (Path, _operator) = (path, valueOperator);

    public override string Kind => KindName;

    public PosturePath Path { get; }

    public static Rule? Read(JsonScope scope, RuleHead head)
    {
        var text = scope.TakeText("path", MaximumPathLength, isNeeded: true);
        var path = text is null ? null : PosturePath.TryCreate(text);
        if (text is not null && path is null)
        {
            scope.Refuse("path", "must be a JSON Pointer to a member of the posture, e.g. /attributes/vpn/state");
        }

        var valueOperator = ValueOperators.Read(scope);
        return path is null || valueOperator is null ? null : new AttributeRule(head, path, valueOperator);
    }

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now)
    {
        if (facts.Posture is not { } posture || !Path.IsReported(posture))
        {
            return RuleCheck.Unknown(facts.ReportedAt);
        }

        return RuleCheck.Of(Test(posture), ReportedAt(in facts));
    }

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now)
    {
        var actual = facts.Posture is { } posture ? Show(posture) : null;
        return RuleWords.Of(_operator.Expected, actual is null ? null : Listing.Shorten(actual), ReportedAt(in facts));
    }

    internal override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("path", Path.Text);
        json.WriteString("operator", _operator.Name);
        _operator.Write(json);
    }

    private RuleStatus Test(Posture posture)
    {
        try
        {
            var value = Path.Find(posture);
            return value.IsMissing ? _operator.TestMissing() : _operator.Test(ref value);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return RuleStatus.Error;
        }
    }

    private string? Show(Posture posture)
    {
        try
        {
            return Path.Find(posture).Describe();
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            return "unreadable";
        }
    }

    private DateTimeOffset? ReportedAt(in Facts facts) =>
        (Path.IsApp ? facts.AppsReportedAt : Path.IsAttribute ? facts.AttributesReportedAt : null) ?? facts.ReportedAt;
}
