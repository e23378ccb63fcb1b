using System.Collections.Immutable;
using System.Text;
using BenchmarkDotNet.Attributes;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Benchmarks.Rules;

/// <summary>What the rules cost a check-in.</summary>
[MemoryDiagnoser]
public class RuleBenchmarks
{
    private const string TenRules = """
        { "id": "os", "kind": "osVersion", "minimum": { "android": "14", "ios": "16.5" }, "remediation": "Update to {{expected}}." },
        { "id": "encrypted", "kind": "encryption" },
        { "id": "keys", "kind": "keyProtection", "severity": "advisory" },
        { "id": "not-jailbroken", "kind": "jailbreak" },
        { "id": "passcode", "kind": "passcode" },
        { "id": "patched", "kind": "patchLevel", "maximumAgeDays": 60 },
        { "id": "heard-from", "kind": "checkIn", "maximumHours": 720 },
        { "id": "vpn", "kind": "attribute", "path": "/attributes/vpn/state", "operator": "equals", "value": "up" },
        { "id": "agent", "kind": "attribute", "path": "/attributes/agent", "operator": "atLeast", "value": "2.4" },
        { "id": "battery", "kind": "attribute", "path": "/attributes/battery", "operator": "greaterThan", "value": 10 }
        """;

    private const string Apps = """
        { "id": "apps", "kind": "apps", "blocked": ["com.example.sideload"], "required": [{ "id": "com.example.app39", "minimumVersion": "1.0" }] }
        """;

    private const string Pattern = """
        { "id": "zone", "kind": "attribute", "path": "/attributes/vpn/zone", "operator": "matches", "value": "^(corp|lab)-[a-z0-9-]+$" }
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static readonly Posture Posture = new()
    {
        Platform = Platform.Android,
        OsVersion = "16.5",
        EncryptionStatus = EncryptionStatus.Encrypted,
        KeyProtectEnabled = true,
        Jailbroken = false,
        PasscodeSet = true,
        PatchLevel = new DateOnly(2026, 11, 5),
        Apps = Utf8Block.FromText($"[{string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"id":"com.example.app{{i}}","version":"252.{{i}}.0"}"""))}]"),
        Attributes = Utf8Block.FromText("""{"battery":88,"agent":"2.10.1","vpn":{"state":"up","zone":"corp-berlin-2"}}"""),
    };

    private readonly Policy _ten = Read(TenRules);
    private readonly Policy _apps = Read(Apps);
    private readonly Policy _pattern = Read(Pattern);
    private readonly Utf8Block _stored = PolicyWriter.Write(Read($"{TenRules},{Apps},{Pattern}"));
    private readonly byte[] _json = Json($"{TenRules},{Apps},{Pattern}");
    private readonly Facts _facts = FactsOf(Posture);
    private readonly Facts _outdated = FactsOf(Posture with { OsVersion = "13" });
    private ImmutableArray<Finding> _findings = [];

    [GlobalSetup]
    public void JudgeOnce() => _findings = PolicyEvaluator.Evaluate(_ten, in _outdated, [], Now, Now).Findings;

    [Benchmark]
    public PolicyResult TenRulesThatPass() => PolicyEvaluator.Evaluate(_ten, in _facts, [], Now, Now);

    [Benchmark]
    public PolicyResult TenRulesOfWhichOneFails() => PolicyEvaluator.Evaluate(_ten, in _outdated, _findings, Now, Now);

    [Benchmark]
    public PolicyResult FortyApps() => PolicyEvaluator.Evaluate(_apps, in _facts, [], Now, Now);

    [Benchmark]
    public PolicyResult RegularExpression() => PolicyEvaluator.Evaluate(_pattern, in _facts, [], Now, Now);

    [Benchmark]
    public Outcome<Policy> ReadingThePolicy() => PolicyReader.Read(_json, new PolicyVersion("baseline", 1), Now);

    [Benchmark]
    public Policy ReadingTheStoredPolicy() => PolicyReader.ReadStored(_stored, new PolicyVersion("baseline", 1), Now);

    private static Policy Read(string rules) =>
        PolicyReader.Read(Json(rules), new PolicyVersion("baseline", 1), Now).Value ?? throw new BenchmarkException("The policy of the benchmark is refused.");

    private static byte[] Json(string rules) => Encoding.UTF8.GetBytes($$"""{ "name": "Baseline", "rules": [{{rules}}] }""");

    private static Facts FactsOf(Posture posture) => new()
    {
        Posture = posture,
        ReportedAt = Now,
        AppsReportedAt = Now,
        AttributesReportedAt = Now,
        LastCheckInAt = Now,
    };
}
