using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>One flag of the posture that must be as it should: <c>keyProtection</c>, <c>jailbreak</c>, <c>passcode</c>.</summary>
internal sealed class FlagRule : Rule
{
    private readonly Flag _flag;

    private FlagRule(RuleHead head, Flag flag)
        : base(head) => _flag = flag;

    public static Flag KeyProtection { get; } = new("keyProtection", true, static posture => posture.KeyProtectEnabled);

    public static Flag Jailbreak { get; } = new("jailbreak", false, static posture => posture.Jailbroken);

    public static Flag Passcode { get; } = new("passcode", true, static posture => posture.PasscodeSet);

    public override string Kind => _flag.Kind;

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now) =>
        Said(in facts) is { } said ? RuleCheck.Of(said == _flag.Wanted, facts.ReportedAt) : RuleCheck.Unknown(facts.ReportedAt);

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now) =>
        RuleWords.Of(Text(_flag.Wanted), Said(in facts) is { } said ? Text(said) : null, facts.ReportedAt);

    internal override void WriteMembers(Utf8JsonWriter json)
    {
        // The kind says it all.
    }

    private static string Text(bool value) => value ? "true" : "false";

    private bool? Said(in Facts facts) => facts.Posture is { } posture ? _flag.Of(posture) : null;

    /// <param name="Wanted">What it must be.</param>
    public sealed record Flag(string Kind, bool Wanted, Func<Posture, bool?> Of)
    {
        public Rule Read(JsonScope scope, RuleHead head) => new FlagRule(head, this);
    }
}
