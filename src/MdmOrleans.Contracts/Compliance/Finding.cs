using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Compliance;

/// <summary>What one rule, or one group of rules, found.</summary>
public sealed record Finding
{
    /// <summary>Id of the rule in its policy.</summary>
    public required string Rule { get; init; }

    /// <summary>One of <see cref="RuleStatusNames"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One of <see cref="SeverityNames"/>.</summary>
    public required string Severity { get; init; }

    /// <summary>For people, e.g. <c>&gt;= 16.5</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Expected { get; init; }

    /// <summary>For people. Absent: the device did not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Actual { get; init; }

    /// <summary>When the device reported <see cref="Actual"/>, by the server's clock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>When the failing fact became known; kept while the rule keeps failing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>What the user can do about it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Remediation { get; init; }
}

/// <summary>Which version of which policy judged.</summary>
public sealed record PolicyReference(string Id, int Version);
