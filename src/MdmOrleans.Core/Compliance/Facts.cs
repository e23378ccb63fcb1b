using MdmOrleans.Core.CheckIns;

namespace MdmOrleans.Core.Compliance;

/// <summary>What is known of a device when its policy is evaluated, and since when.</summary>
/// <remarks>A value, so that a check-in whose rules all pass allocates nothing.</remarks>
public readonly record struct Facts
{
    /// <summary>Null before the first check-in: every rule is unknown then.</summary>
    public required Posture? Posture { get; init; }

    /// <summary>What it is said to be until it says so itself.</summary>
    public Platform? ExpectedPlatform { get; init; }

    /// <summary>When the server received the typed members.</summary>
    public required DateTimeOffset? ReportedAt { get; init; }

    /// <summary>When the server last received apps; null when it never did.</summary>
    public DateTimeOffset? AppsReportedAt { get; init; }

    /// <summary>When the server last received attributes; null when it never did.</summary>
    public DateTimeOffset? AttributesReportedAt { get; init; }

    /// <summary>The last accepted check-in.</summary>
    public required DateTimeOffset? LastCheckInAt { get; init; }

    /// <summary>Reported, or else expected.</summary>
    public Platform? Platform => Posture?.Platform ?? ExpectedPlatform;
}
