using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>One rule of a policy, or a group of them.</summary>
public abstract class Rule
{
    private protected Rule(RuleHead head)
    {
        Id = head.Id;
        Severity = head.Severity;
        Platforms = head.Platforms;
        Remediation = head.Remediation;
    }

    /// <summary>Unique within the policy: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c>.</summary>
    public string Id { get; }

    /// <summary>Of a child of a group it is only shown: the outermost group is what is reported.</summary>
    public Severity Severity { get; }

    /// <summary>As in the policy, e.g. <c>osVersion</c>; <c>all</c> or <c>any</c> for a group.</summary>
    public abstract string Kind { get; }

    /// <summary>On any other platform the rule is not applicable. Null: it applies to all.</summary>
    internal ImmutableArray<Platform>? Platforms { get; }

    internal RemediationText? Remediation { get; }

    /// <summary>Never throws, whatever the device said, and allocates nothing for what an agent really says.</summary>
    internal RuleCheck Check(in Facts facts, DateTimeOffset now) => AppliesTo(in facts) ? CheckApplicable(in facts, now) : RuleCheck.NotApplicable;

    internal RuleWords Describe(in Facts facts, DateTimeOffset now) => AppliesTo(in facts) ? DescribeApplicable(in facts, now) : default;

    /// <summary>Writes the members of this kind, in the canonical order.</summary>
    internal abstract void WriteMembers(Utf8JsonWriter json);

    internal virtual void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("kind", Kind);
        WriteMembers(json);
        WriteTail(json);
        json.WriteEndObject();
    }

    /// <summary>What reading a device's JSON throws where it is none, or where a text in it is half a character.</summary>
    internal static bool IsUnreadable(Exception e) => e is JsonException or InvalidOperationException;

    private protected abstract RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now);

    private protected abstract RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now);

    private protected void WriteTail(Utf8JsonWriter json)
    {
        if (Platforms is { } platforms)
        {
            json.WritePlatforms(platforms);
        }

        if (Severity is not Severity.Required)
        {
            json.WriteString("severity", Severity.ToWire());
        }

        if (Remediation is not null)
        {
            json.WriteString("remediation", Remediation.Template);
        }
    }

    /// <summary>While nobody knows the platform, every rule might apply.</summary>
    private bool AppliesTo(in Facts facts) => Platforms is not { } platforms || facts.Platform is not { } platform || platforms.Contains(platform);
}

/// <summary>What every kind of rule has.</summary>
internal sealed record RuleHead(string Id, Severity Severity, ImmutableArray<Platform>? Platforms, RemediationText? Remediation);
