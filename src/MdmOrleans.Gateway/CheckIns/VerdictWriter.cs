using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Gateway.Commands;

namespace MdmOrleans.Gateway.CheckIns;

/// <summary>Writes the payload of <c>dn/checkin</c>.</summary>
internal static class VerdictWriter
{
    // Relaxed: this is read by JSON parsers, never pasted into HTML, and "&gt;= 16.5" would be the unreadable one.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes as much of <paramref name="verdict"/> as fits into <paramref name="limit"/> bytes.</summary>
    /// <param name="commands">How many of its commands were asked for, and how many of them fit.</param>
    /// <returns>False when not even the verdict fits; then nothing is written.</returns>
    /// <remarks>Commands that do not fit follow when these are reported. Findings give way last, the last one first.</remarks>
    public static bool TryWrite(ScratchBuffer output, Verdict verdict, string? rid, int limit, ref int commands)
    {
        var findings = verdict.Findings.Length;
        Write(output, verdict, rid, findings, commands);
        if (output.Length <= limit)
        {
            return true;
        }

        if (commands > 0)
        {
            Write(output, verdict, rid, findings, 0);
            commands = CountFitting(verdict.Commands, commands, limit - output.Length);
            Write(output, verdict, rid, findings, commands);
        }

        while (output.Length > limit && findings > 0)
        {
            findings /= 2;
            Write(output, verdict, rid, findings, commands);
        }

        return output.Length <= limit;
    }

    private static int CountFitting(ImmutableArray<DeviceCommand> commands, int most, int room)
    {
        var count = 0;
        for (; count < most; count++)
        {
            room -= CommandWriter.Size(commands[count]) + 1;
            if (room < 0)
            {
                break;
            }
        }

        return count;
    }

    private static void Write(ScratchBuffer output, Verdict verdict, string? rid, int findings, int commands)
    {
        output.Clear();
        var json = _writer ??= new Utf8JsonWriter(output, Options);
        json.Reset(output);
        json.WriteStartObject();
        if (rid is not null)
        {
            json.WriteString("rid"u8, rid);
        }

        json.WriteString("lifecycle"u8, verdict.Lifecycle.ToWire());
        json.WriteString("compliance"u8, verdict.Compliance.ToWire());
        json.WriteString("access"u8, verdict.Access.ToWire());
        json.WriteStartArray("findings"u8);
        foreach (var finding in verdict.Findings.AsSpan()[..findings])
        {
            WriteFinding(json, finding);
        }

        json.WriteEndArray();
        WriteInstant(json, "graceEndsAt"u8, verdict.GraceEndsAt);
        if (verdict.Policy is { } policy)
        {
            json.WriteStartObject("policy"u8);
            json.WriteString("id"u8, policy.Id);
            json.WriteNumber("version"u8, policy.Version);
            json.WriteEndObject();
        }

        json.WriteStartArray("commands"u8);
        foreach (var command in verdict.Commands.AsSpan()[..commands])
        {
            CommandWriter.Write(json, command);
        }

        json.WriteEndArray();
        json.WriteNumber("nextCheckInSeconds"u8, verdict.NextCheckInSeconds);
        WriteInstant(json, "serverTime"u8, verdict.ServerTime);
        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("rule"u8, finding.Rule);
        json.WriteString("status"u8, finding.Status.ToWire());
        json.WriteString("severity"u8, finding.Severity.ToWire());
        WriteText(json, "expected"u8, finding.Expected);
        WriteText(json, "actual"u8, finding.Actual);
        WriteInstant(json, "reportedAt"u8, finding.ReportedAt);
        WriteInstant(json, "since"u8, finding.Since);
        WriteText(json, "remediation"u8, finding.Remediation);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteInstant(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? instant)
    {
        if (instant is { } value)
        {
            json.WriteString(name, value.UtcDateTime); // a UTC DateTime ends in Z
        }
    }
}
