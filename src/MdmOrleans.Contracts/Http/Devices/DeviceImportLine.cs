using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Problems;

namespace MdmOrleans.Contracts.Http.Devices;

/// <summary>What became of one line of <c>POST /v1/tenants/{tenant}/devices</c> with NDJSON or CSV. Exactly one of token and problem is there.</summary>
public sealed record DeviceImportLine
{
    /// <summary>Of the request, from 1; in CSV the header is line 1.</summary>
    public required int Line { get; init; }

    /// <summary>Absent where the line does not name one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Device { get; init; }

    /// <summary>The secret with which the device connects, shown once: it is stored as a hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeviceToken { get; init; }

    /// <summary>Why nothing was created.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProblemDocument? Problem { get; init; }
}
