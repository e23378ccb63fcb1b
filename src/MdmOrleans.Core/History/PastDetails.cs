using System.Collections.Immutable;
using System.Text.Json;
using MdmOrleans.Core.Compliance;

namespace MdmOrleans.Core.History;

/// <summary>Reads what the rules wrote into the details of events. What is missing in an old one is null.</summary>
internal static class PastDetails
{
    public static string? Text(Utf8Block detail, string member)
    {
        using var document = JsonDocument.Parse(detail.Memory);
        return Text(document.RootElement, member);
    }

    public static DateTimeOffset? Instant(Utf8Block detail, string member)
    {
        using var document = JsonDocument.Parse(detail.Memory);
        return Instant(document.RootElement, member);
    }

    /// <param name="member">Null: the detail is the labels.</param>
    public static ImmutableSortedDictionary<string, string> Labels(Utf8Block detail, string? member)
    {
        using var document = JsonDocument.Parse(detail.Memory);
        var labels = document.RootElement;
        if (member is not null && !document.RootElement.TryGetProperty(member, out labels))
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        return ImmutableSortedDictionary.CreateRange(
            labels.EnumerateObject().Select(label => KeyValuePair.Create(label.Name, label.Value.GetString() ?? string.Empty)));
    }

    public static ImmutableArray<Finding> Findings(Utf8Block detail)
    {
        using var document = JsonDocument.Parse(detail.Memory);
        return document.RootElement.TryGetProperty("findings", out var findings) ? [.. findings.EnumerateArray().Select(Finding)] : [];
    }

    public static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Instant(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) && value.TryGetDateTimeOffset(out var instant) ? instant : null;

    private static Finding Finding(JsonElement json) => new()
    {
        Rule = Text(json, "rule") ?? string.Empty,
        Status = Find<RuleStatus>(Text(json, "status"), WireNames.ToWire) ?? RuleStatus.Noncompliant,
        Severity = Find<Severity>(Text(json, "severity"), WireNames.ToWire) ?? Severity.Required,
        Expected = Text(json, "expected"),
        Actual = Text(json, "actual"),
        ReportedAt = Instant(json, "reportedAt"),
        Since = Instant(json, "since"),
        Remediation = Text(json, "remediation"),
    };

    private static T? Find<T>(string? word, Func<T, string> toWire)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (toWire(value) == word)
            {
                return value;
            }
        }

        return null;
    }
}
