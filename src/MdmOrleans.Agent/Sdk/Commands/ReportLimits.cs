using System.Text.Json;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Agent.Sdk.Commands;

/// <summary>Keeps a report within what the server takes: one that it refuses would leave the command open for ever.</summary>
internal static class ReportLimits
{
    public static CommandReport Fit(CommandReport report)
    {
        var fitting = report with { Code = Cut(report.Code, CommandReport.LongestCode), Detail = Cut(report.Detail, CommandReport.LongestDetail) };
        return report.Result is { } result && SizeOf(result) is > CommandReport.LargestResult and var size
            ? fitting with { Result = null, Detail = fitting.Detail ?? $"The result of {size} bytes is more than the server takes." }
            : fitting;
    }

    private static string? Cut(string? text, int longest) => text?.Length > longest ? text[..longest] : text;

    private static int SizeOf(JsonElement result)
    {
        using var counted = new MemoryStream();
        using (var json = new Utf8JsonWriter(counted))
        {
            result.WriteTo(json);
        }

        return (int)counted.Length;
    }
}
