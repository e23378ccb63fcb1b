using System.Collections.Immutable;
using System.Text;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

/// <summary>Builders: only what matters to a test is spelled out there.</summary>
internal static class Given
{
    public static DateTimeOffset Now { get; } = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    /// <summary>Before everything that is reported.</summary>
    public static DateTimeOffset LongAgo { get; } = Now.AddYears(-1);

    public static Outcome<Policy> Reading(string json) =>
        PolicyReader.Read(Encoding.UTF8.GetBytes(json), new PolicyVersion("baseline", 1), LongAgo);

    public static Policy APolicy(string json)
    {
        var outcome = Reading(json);
        Assert.Null(outcome.Problem);
        return outcome.Value!; // there is one or the other
    }

    /// <param name="rules">The items of the array, as JSON.</param>
    public static Policy APolicyOf(params string[] rules) =>
        APolicy($$"""{ "name": "Baseline", "rules": [{{string.Join(',', rules)}}] }""");

    public static Posture APosture() => new()
    {
        Platform = Platform.Android,
        OsVersion = "16.5",
        EncryptionStatus = EncryptionStatus.Encrypted,
        KeyProtectEnabled = true,
        Jailbroken = false,
        PasscodeSet = true,
        PatchLevel = new DateOnly(2026, 11, 5),
        Model = "Zebra TC58",
        Apps = Utf8Block.FromText("""[{ "id": "com.salesforce.chatter", "version": "252.0" }]"""),
        Attributes = Utf8Block.FromText("""{ "battery": 88, "vpn": { "state": "up" } }"""),
    };

    public static Facts FactsOf(Posture? posture, DateTimeOffset? reportedAt = null) => new()
    {
        Posture = posture,
        ReportedAt = reportedAt ?? Now,
        AppsReportedAt = reportedAt ?? Now,
        AttributesReportedAt = reportedAt ?? Now,
        LastCheckInAt = reportedAt ?? Now,
    };

    public static PolicyResult Evaluate(this Policy policy, Facts facts, DateTimeOffset? now = null, ImmutableArray<Finding> before = default) =>
        PolicyEvaluator.Evaluate(policy, in facts, before, LongAgo, now ?? Now);

    /// <summary>What the only rule says of a device, whether it fails or not.</summary>
    public static Finding Judge(string rule, Posture? posture)
    {
        var facts = FactsOf(posture);
        return Assert.Single(PolicyEvaluator.Explain(APolicyOf(rule), in facts, [], LongAgo, Now)).Finding;
    }
}
