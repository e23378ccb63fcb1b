using System.Globalization;
using System.Text.Json;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>checkIn</c>: silence becomes noncompliance without the device's help, at the limit exactly.</summary>
internal sealed class CheckInRule : Rule
{
    public const string KindName = "checkIn";
    private const int MaximumHours = 2880;
    private readonly TimeSpan _limit;
    private readonly string _expected;

    private CheckInRule(RuleHead head, TimeSpan limit)
        : base(head)
    {
        _limit = limit;
        _expected = string.Create(CultureInfo.InvariantCulture, $"within {JsonValues.ToHours(limit)} hours");
    }

    public override string Kind => KindName;

    public static Rule? Read(JsonScope scope, RuleHead head) =>
        scope.TakeHours("maximumHours", MaximumHours, mayBeZero: false, isNeeded: true) is { } limit ? new CheckInRule(head, limit) : null;

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now) =>
        facts.LastCheckInAt is { } last ? RuleCheck.Until(last + _limit, last, now) : RuleCheck.Unknown(null);

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now) =>
        RuleWords.Of(_expected, facts.LastCheckInAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), facts.LastCheckInAt);

    internal override void WriteMembers(Utf8JsonWriter json) => json.WriteNumber("maximumHours", JsonValues.ToHours(_limit));
}
