using System.Text.Json;

namespace MdmOrleans.Core.Compliance;

/// <summary>What of a verdict is remembered: every finding in full, and the instants of its episode.</summary>
internal static class VerdictHistory
{
    public static Utf8Block Detail(ComplianceState state) => JsonBlocks.Write(state, static (json, compliance) =>
    {
        json.WriteStartObject();
        json.WriteStartArray("findings"u8);
        foreach (var finding in compliance.Findings)
        {
            Write(json, finding);
        }

        json.WriteEndArray();
        Write(json, "noncompliantSince"u8, compliance.NoncompliantSince);
        Write(json, "graceEndsAt"u8, compliance.GraceEndsAt);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("rule"u8, finding.Rule);
        json.WriteString("status"u8, finding.Status.ToWire());
        if (finding.Severity != Severity.Required)
        {
            json.WriteString("severity"u8, finding.Severity.ToWire());
        }

        Write(json, "expected"u8, finding.Expected);
        Write(json, "actual"u8, finding.Actual);
        Write(json, "reportedAt"u8, finding.ReportedAt);
        Write(json, "since"u8, finding.Since);
        Write(json, "remediation"u8, finding.Remediation);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } instant)
        {
            json.WriteString(name, instant.UtcDateTime);
        }
    }
}
