using System.Text.Json;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary>One rule of a policy, or a group of them.</summary>
public abstract class Rule
{
    private protected Rule(RuleHead head)
    {
        Id = head.Id;
        Severity = head.Severity;
        Remediation = head.Remediation;
    }

    /// <summary>Unique within the policy: <c>[A-Za-z0-9][A-Za-z0-9._-]{0,63}</c>.</summary>
    public string Id { get; }

    /// <summary>Of a child of a group it is only shown: the outermost group is what is reported.</summary>
    public Severity Severity { get; }

    /// <summary>As in the policy, e.g. <c>osVersion</c>; <c>all</c> or <c>any</c> for a group.</summary>
    public abstract string Kind { get; }

    internal RemediationText? Remediation { get; }

    /// <summary>Never throws, whatever the device said, and allocates nothing for what an agent really says.</summary>
    internal abstract RuleCheck Check(in Facts facts, DateTimeOffset now);

    internal abstract RuleWords Describe(in Facts facts, DateTimeOffset now);

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

    private protected void WriteTail(Utf8JsonWriter json)
    {
        if (Severity is not Severity.Required)
        {
            json.WriteString("severity", Severity.ToWire());
        }

        if (Remediation is not null)
        {
            json.WriteString("remediation", Remediation.Template);
        }
    }
}

/// <summary>What every kind of rule has.</summary>
internal sealed record RuleHead(string Id, Severity Severity, RemediationText? Remediation);
