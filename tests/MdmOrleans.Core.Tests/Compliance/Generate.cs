using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.Tests.Compliance;

/// <summary>Random policies and postures whose values are few, so that rules pass and fail about as often.</summary>
internal static partial class Generate
{
    private const string AnyId = "\"id\": \"?\"";
    private static readonly Gen<string> Version = Gen.OneOf("1", "1.0", "1.2", "1.10", "2", "16.5", "16.5.1");
    private static readonly Gen<string> Tail = Gen.OneOf("", ", \"severity\": \"advisory\"", ", \"platforms\": [\"android\", \"linux\"]", ", \"remediation\": \"Want {{expected}}, have {{actual}}.\"");
    private static readonly Gen<string> App = Gen.OneOf("a", "b", "c");
    private static readonly Gen<string> Scalar = Gen.OneOf("1", "2.50", "\"up\"", "\"1.2\"", "\"1.10.0\"", "true", "false");
    private static readonly Gen<string> Path = Gen.OneOf("/attributes/v", "/attributes/o/v", "/attributes/l/0", "/attributes/l", "/model", "/osVersion", "/jailbroken", "/apps/0/version");

    private static readonly Gen<string> OsVersion = Gen.Select(Version, Version, (minimum, blocked) =>
        $$"""{ {{AnyId}}, "kind": "osVersion", "minimum": { "android": "{{minimum}}" }, "blocked": { "android": ["{{blocked}}"], "ios": ["1"] }""");

    private static readonly Gen<string> Flag = Gen.OneOf("encryption", "keyProtection", "jailbreak", "passcode").Select(kind =>
        $$"""{ {{AnyId}}, "kind": "{{kind}}" """);

    private static readonly Gen<string> PatchLevel = Gen.Int[0, 60].Select(days => $$"""{ {{AnyId}}, "kind": "patchLevel", "maximumAgeDays": {{days}} """);

    private static readonly Gen<string> CheckIn = Gen.Int[1, 2000].Select(tenths =>
        string.Create(CultureInfo.InvariantCulture, $$"""{ {{AnyId}}, "kind": "checkIn", "maximumHours": {{tenths / 10m}} """));

    private static readonly Gen<string> Apps = Gen.Select(App, App, Version, (blocked, required, version) => blocked == required
        ? $$"""{ {{AnyId}}, "kind": "apps", "allowed": ["{{required}}", "x"] """
        : $$"""{ {{AnyId}}, "kind": "apps", "blocked": ["{{blocked}}"], "required": [{ "id": "{{required}}", "minimumVersion": "{{version}}" }] """);

    private static readonly Gen<string> Attribute = Gen.Select(
        Path,
        Gen.OneOf(
            Gen.Select(Gen.OneOf("equals", "notEquals", "contains"), Scalar, Pair),
            Gen.Select(Gen.OneOf("lessThan", "atMost", "greaterThan", "atLeast"), Gen.OneOf("2", "1.5", "\"1.2\""), Pair),
            Gen.Select(Gen.Const("in"), Scalar.Array[1, 3].Select(values => $"[{string.Join(", ", values)}]"), Pair),
            Gen.Select(Gen.Const("matches"), Gen.OneOf("\"^u\"", "\"[0-9]+\""), Pair),
            Gen.Select(Gen.Const("exists"), Gen.OneOf("true", "false"), Pair)),
        (path, test) => $$"""{ {{AnyId}}, "kind": "attribute", "path": "{{path}}", {{test}} """);

    // What time turns is as frequent as what it does not.
    private static readonly Gen<string> Leaf =
        Gen.Select(Gen.OneOf(Gen.OneOf(OsVersion, Flag, Apps, Attribute), Gen.OneOf(PatchLevel, CheckIn)), Tail, (rule, tail) => $"{rule}{tail} }}");

    private static readonly Gen<string> Rule = Gen.OneOf(Leaf, Leaf, Group(Gen.OneOf(Leaf, Leaf, Group(Leaf))));

    private static readonly Gen<string> AttributeBlock = Gen.Select(Scalar, Scalar, Scalar.Array[0, 3], (direct, nested, list) =>
        $$"""{ "v": {{direct}}, "o": { "v": {{nested}} }, "l": [{{string.Join(", ", list)}}] }""");

    private static readonly Gen<string> AppBlock = Gen.Select(App, Version, (id, version) => $$"""{ "id": "{{id}}", "version": "{{version}}" }""")
        .Array[0, 3].Select(apps => $"[{string.Join(", ", apps)}]");

    /// <summary>Policies as somebody may write them; valid.</summary>
    public static Gen<string> PolicyJson { get; } = Gen.Select(Rule.Array[0, 6], Gen.Int[0, 87_600], Gen.Bool, (rules, grace, hasLadder) =>
    {
        var next = 0;
        var named = UnnamedId().Replace(string.Join(", ", rules), _ => $"\"id\": \"r{next++}\"");
        var ladder = hasLadder ? """, "onNoncompliance": [{ "afterHours": 0.25, "action": "notify" }]""" : "";
        return string.Create(CultureInfo.InvariantCulture, $$"""{ "name": "x", "rules": [{{named}}], "graceHours": {{grace / 13m}}{{ladder}} }""");
    });

    public static Gen<Policy> Policies { get; } = PolicyJson.Select(Given.APolicy);

    public static Gen<Posture> Postures { get; } = Gen.Select(
        Gen.Select(Gen.OneOf(Platform.Android, Platform.Ios, Platform.Linux), Version, Gen.Enum<EncryptionStatus>()),
        Gen.Select(Flagged(), Flagged(), Flagged()),
        Gen.Int[0, 60].Select(days => days == 0 ? (DateOnly?)null : DateOnly.FromDateTime(Given.Now.UtcDateTime).AddDays(-days)),
        Gen.Select(Maybe(AppBlock), Maybe(AttributeBlock)),
        (typed, flags, patchLevel, blocks) => new Posture
        {
            Platform = typed.Item1,
            OsVersion = typed.Item2,
            EncryptionStatus = typed.Item3,
            KeyProtectEnabled = flags.Item1,
            Jailbroken = flags.Item2,
            PasscodeSet = flags.Item3,
            PatchLevel = patchLevel,
            Apps = blocks.Item1,
            Attributes = blocks.Item2,
        });

    /// <summary>Up to 100 days.</summary>
    public static Gen<TimeSpan> Spans { get; } = Gen.Int[0, 100 * 24 * 60].Select(minutes => TimeSpan.FromMinutes(minutes));

    private static Gen<string> Group(Gen<string> child) => Gen.Select(Gen.OneOf("all", "any"), child.Array[1, 3], Tail, (kind, children, tail) =>
        $$"""{ {{AnyId}}, "{{kind}}": [{{string.Join(", ", children)}}]{{tail}} }""");

    private static string Pair(string name, string value) => $"\"operator\": \"{name}\", \"value\": {value}";

    private static Gen<bool?> Flagged() => Gen.OneOf<bool?>(true, false, null);

    private static Gen<Utf8Block> Maybe(Gen<string> block) =>
        Gen.Select(block, Gen.Int[0, 4], (json, dice) => dice == 0 ? default : Utf8Block.FromText(json));

    [GeneratedRegex("\"id\": \"\\?\"")]
    private static partial Regex UnnamedId();
}
