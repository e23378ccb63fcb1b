namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>What a rule says, without its words: all that is needed while it passes.</summary>
/// <param name="KnownAt">When the failing fact became known, or crossed its limit; the beginning of time unless it fails, or where nothing was ever said.</param>
/// <param name="TurnsAt">When it fails if nothing is reported until then; null when time alone cannot turn it.</param>
internal readonly record struct RuleCheck(RuleStatus Status, DateTimeOffset KnownAt = default, DateTimeOffset? TurnsAt = null)
{
    public static RuleCheck Compliant => new(RuleStatus.Compliant);

    public static RuleCheck NotApplicable => new(RuleStatus.NotApplicable);

    public bool Fails => Status >= RuleStatus.Noncompliant;

    public static RuleCheck Unknown(DateTimeOffset? knownAt) => new(RuleStatus.Unknown, knownAt ?? default);

    public static RuleCheck Of(bool passes, DateTimeOffset? knownAt) => passes ? Compliant : new(RuleStatus.Noncompliant, knownAt ?? default);

    public static RuleCheck Of(RuleStatus status, DateTimeOffset? knownAt) => new(status, status >= RuleStatus.Noncompliant ? knownAt ?? default : default);

    /// <summary>Passes until <paramref name="crossing"/>, exclusive. What crossed before it was said is known since it was said.</summary>
    public static RuleCheck Until(DateTimeOffset crossing, DateTimeOffset? reportedAt, DateTimeOffset now) =>
        now < crossing
            ? new(RuleStatus.Compliant, TurnsAt: crossing)
            : new(RuleStatus.Noncompliant, Instants.Later(crossing, reportedAt));
}

/// <summary>What people read of a rule. Made only for rules that fail or are explained.</summary>
/// <param name="Expected">E.g. <c>&gt;= 16.5</c>; null when the rule does not apply.</param>
/// <param name="Actual">Null when the device did not say.</param>
/// <param name="ReportedAt">Null when <paramref name="Actual"/> is.</param>
internal readonly record struct RuleWords(string? Expected, string? Actual, DateTimeOffset? ReportedAt)
{
    /// <summary><see cref="Expected"/> as it reads inside a sentence, e.g. <c>16.5 or later</c>.</summary>
    public string? ExpectedInSentence { get; init; } = Expected;

    public static RuleWords Of(string? expected, string? actual, DateTimeOffset? reportedAt) =>
        new(expected, actual, actual is null ? null : reportedAt);
}
