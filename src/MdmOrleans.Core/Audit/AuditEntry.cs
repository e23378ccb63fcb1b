namespace MdmOrleans.Core.Audit;

/// <summary>Who did what to what, and what came of it; not yet in a chain.</summary>
public sealed record AuditEntry
{
    /// <summary>A document longer than this is left out, and its digest stands in for it; in bytes.</summary>
    public const int MaxDocument = 64 * 1024;

    public required DateTimeOffset At { get; init; }

    /// <summary>E.g. <c>key:admin</c>; <c>server</c> for what the server does by itself.</summary>
    public required string Actor { get; init; }

    /// <summary>One of <see cref="AuditVia"/>; null where no request brought it.</summary>
    public string? Via { get; init; }

    /// <summary>One of <see cref="AuditActions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>E.g. <c>policy:baseline</c>.</summary>
    public required string Target { get; init; }

    /// <summary>One of <see cref="AuditResults"/>, or the code of the problem for which it was refused.</summary>
    public required string Result { get; init; }

    /// <summary>As it was, without secrets; absent where there was nothing.</summary>
    public Utf8Block Before { get; init; }

    /// <summary>As it became, without secrets; absent where nothing is left.</summary>
    public Utf8Block After { get; init; }

    public string? RequestId { get; init; }

    /// <summary>From where: an IP address.</summary>
    public string? Address { get; init; }

    /// <summary>The number of the record that announced this change; null for a record that stands alone.</summary>
    public long? Intent { get; init; }
}

/// <summary>How the actor proved who they are.</summary>
public static class AuditVia
{
    public const string Key = "key";
    public const string Session = "session";
    public const string Token = "token";
}

/// <summary>What came of a change. Never renamed.</summary>
public static class AuditResults
{
    /// <summary>It is about to be done; another record says what came of it.</summary>
    public const string Intended = "intended";

    public const string Done = "done";

    /// <summary>It was announced, and a crash or an outage prevented it.</summary>
    public const string NotDone = "notDone";

    /// <summary>It was announced, and nothing tells any more what came of it.</summary>
    public const string Unknown = "unknown";
}

/// <summary>What can be done to leave a record. Never renamed.</summary>
public static class AuditActions
{
    public const string KeyCreate = "key.create";
    public const string KeyDelete = "key.delete";

    /// <summary>The administrator key was replaced.</summary>
    public const string KeyReplace = "key.replace";
    public const string PolicyPut = "policy.put";
    public const string TenantPut = "tenant.put";

    /// <summary>A second person decided about a looser governor.</summary>
    public const string GovernorDecide = "governor.decide";
    public const string WebhookPut = "webhook.put";
    public const string DeviceDelete = "device.delete";
}
