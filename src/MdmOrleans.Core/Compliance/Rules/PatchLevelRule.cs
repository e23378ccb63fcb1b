using System.Globalization;
using System.Text.Json;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>patchLevel</c>: patched not more than so many days ago. Turns at 00:00 UTC, wherever the device is.</summary>
internal sealed class PatchLevelRule : Rule
{
    public const string KindName = "patchLevel";
    private const int MaximumDays = 36_500;
    private readonly int _days;

    private PatchLevelRule(RuleHead head, int days)
        : base(head) => _days = days;

    public override string Kind => KindName;

    public static Rule? Read(JsonScope scope, RuleHead head) =>
        scope.TakeWhole("maximumAgeDays", 0, MaximumDays, isNeeded: true) is { } days ? new PatchLevelRule(head, days) : null;

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now)
    {
        if (facts.Posture?.PatchLevel is not { } patchLevel)
        {
            return RuleCheck.Unknown(facts.ReportedAt);
        }

        // The first day on which it is too old. A device may claim a day so late that there is none.
        var day = patchLevel.DayNumber + _days + 1;
        return day > DateOnly.MaxValue.DayNumber
            ? RuleCheck.Compliant
            : RuleCheck.Until(new DateTimeOffset(DateOnly.FromDayNumber(day), TimeOnly.MinValue, TimeSpan.Zero), facts.ReportedAt, now);
    }

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now) => RuleWords.Of(
        string.Create(CultureInfo.InvariantCulture, $"not older than {_days} days"),
        facts.Posture?.PatchLevel?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        facts.ReportedAt);

    internal override void WriteMembers(Utf8JsonWriter json) => json.WriteNumber("maximumAgeDays", _days);
}
