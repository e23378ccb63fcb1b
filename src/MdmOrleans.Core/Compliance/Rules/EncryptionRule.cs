using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>encryption</c>: encrypted, and nothing short of it. A device that says 'unknown' did not say.</summary>
internal sealed class EncryptionRule : Rule
{
    public const string KindName = "encryption";
    private static readonly string Expected = EncryptionStatus.Encrypted.ToWire();

    private EncryptionRule(RuleHead head)
        : base(head)
    {
    }

    public override string Kind => KindName;

    public static Rule Read(JsonScope scope, RuleHead head) => new EncryptionRule(head);

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now) =>
        facts.Posture is not { EncryptionStatus: not EncryptionStatus.Unknown } posture
            ? RuleCheck.Unknown(facts.ReportedAt)
            : RuleCheck.Of(posture.EncryptionStatus is EncryptionStatus.Encrypted, facts.ReportedAt);

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now) =>
        RuleWords.Of(Expected, facts.Posture is { } posture ? posture.EncryptionStatus.ToWire() : null, facts.ReportedAt);

    internal override void WriteMembers(Utf8JsonWriter json)
    {
        // The kind says it all.
    }
}
