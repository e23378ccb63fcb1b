using System.Text.Json.Serialization;

namespace MdmOrleans.Contracts.Http.Audit;

/// <summary>Who did what to what, and what came of it.</summary>
public sealed record AuditRecordBody
{
    /// <summary>1, 2, 3 … for each tenant, and for the installation; without gaps.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>E.g. <c>key:admin</c>; <c>server</c> for what the server does by itself.</summary>
    public required string Actor { get; init; }

    /// <summary>How the actor was proved: key, session or token. Null where no request brought it.</summary>
    public required string? Via { get; init; }

    /// <summary>E.g. <c>policy.put</c>. More actions may come.</summary>
    public required string Action { get; init; }

    /// <summary>E.g. <c>policy:baseline</c>.</summary>
    public required string Target { get; init; }

    /// <summary>
    /// <c>intended</c>: about to be done, and a later record whose <c>intent</c> is this number says what came of it. <c>done</c>;
    /// <c>notDone</c> where an outage prevented it; <c>unknown</c>. Otherwise the code of the problem for which it was refused.
    /// </summary>
    public required string Result { get; init; }

    /// <summary>As it was, without secrets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RawJson Before { get; init; }

    /// <summary>As it became, without secrets.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RawJson After { get; init; }

    public required string? RequestId { get; init; }

    /// <summary>The IP address that the request came from.</summary>
    public required string? Address { get; init; }

    /// <summary>The number of the record that announced this change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Intent { get; init; }

    /// <summary>SHA-256, in lower-case hexadecimal, over the hash of the record before it and all of the above.</summary>
    public required string Hash { get; init; }
}
