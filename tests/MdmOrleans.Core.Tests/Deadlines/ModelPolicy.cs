using System.Collections.Immutable;
using System.Globalization;
using CsCheck;

namespace MdmOrleans.Core.Tests.Deadlines;

/// <summary>A policy as the reference model sees it; everything in whole hours.</summary>
internal sealed record ModelPolicy(bool AsksForOs, int? SilenceHours, int GraceHours, ImmutableArray<ModelStep> Steps)
{
    private static readonly Gen<ModelStep> AStep = Gen.Select(
        Gen.Int[0, 60], AnyOf("notify", "lock", "quarantine", "block", "nominateRetire", "command"), (after, action) => new ModelStep(after, action));

    public static Gen<ModelPolicy> Any { get; } = Gen.Select(
        Gen.Bool,
        Gen.OneOf(Gen.Const((int?)null), Gen.Int[5, 40].Select(hours => (int?)hours)),
        AnyOf(0, 12, 24, 48),
        AStep.Array[0, 5],
        (os, silence, grace, steps) => new ModelPolicy(os, silence, grace, [.. steps.Distinct()]));

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.OneOf([.. values.Select(Gen.Const)]);

    public string ToJson()
    {
        List<string> rules = ["""{ "id": "serial", "kind": "passcode", "severity": "advisory" }"""]; // a policy needs a rule
        if (AsksForOs)
        {
            rules.Add("""{ "id": "os", "kind": "osVersion", "minimum": { "android": "16" } }""");
        }

        if (SilenceHours is { } hours)
        {
            rules.Add($$"""{ "id": "heard-from", "kind": "checkIn", "maximumHours": {{hours.ToString(CultureInfo.InvariantCulture)}} }""");
        }

        var grace = GraceHours.ToString(CultureInfo.InvariantCulture);
        return $$"""
            { "name": "Model", "graceHours": {{grace}}, "rules": [ {{string.Join(", ", rules)}} ],
              "onNoncompliance": [ {{string.Join(", ", Steps.Select(step => step.ToJson()))}} ] }
            """;
    }

    public override string ToString() => ToJson();
}

internal sealed record ModelStep(int After, string Action)
{
    public string ToJson()
    {
        var command = Action == "command" ? """, "command": { "kind": "message" }""" : "";
        return $$"""{ "afterHours": {{After.ToString(CultureInfo.InvariantCulture)}}, "action": "{{Action}}"{{command}} }""";
    }
}
