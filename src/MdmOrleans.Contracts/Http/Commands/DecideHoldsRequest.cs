using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Commands;

/// <summary>Body of <c>POST /v1/tenants/{tenant}/holds/decide</c>: which holds, by <c>ids</c> or by <c>filter</c>, and what becomes of them.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DecideHoldsRequest
{
    [AllowedValues(HoldDecisionNames.Approve, HoldDecisionNames.Reject)]
    public required string Decision { get; init; }

    /// <summary>1 to 1,000.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>Holds of commands that match everything that is set; the first 1,000 of them.</summary>
    public HoldFilterRequest? Filter { get; init; }

    /// <summary>For the history; at most 1,000 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>What is absent does not restrict.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record HoldFilterRequest
{
    /// <summary>The command's kind.</summary>
    [AllowedValues("wipe", "retire", null)]
    public string? Kind { get; init; }

    /// <summary>Why it is held, e.g. <c>lostWipe</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asked, e.g. <c>key:admin</c>.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Held before this instant, as RFC 3339 has it.</summary>
    public string? HeldBefore { get; init; }
}

/// <summary>What became of each hold, in the order of the request.</summary>
public sealed record DecidedHoldsBody(IReadOnlyList<DecidedHoldBody> Items);

/// <summary>What became of one hold.</summary>
public sealed record DecidedHoldBody
{
    public required string Id { get; init; }

    /// <summary>What it has become. Absent where it was not decided.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>Why it was not decided. Absent where it was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HoldProblemBody? Problem { get; init; }
}

/// <summary>Why one hold was not decided: what the decision alone would have been answered.</summary>
/// <param name="NotBefore">From when on the same decision may pass; absent where no instant will help.</param>
public sealed record HoldProblemBody(
    string Code, string Detail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? NotBefore);

/// <summary>How the decisions are spelled on the wire.</summary>
public static class HoldDecisionNames
{
    public const string Approve = "approve";
    public const string Reject = "reject";
}
