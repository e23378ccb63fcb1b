using System.Diagnostics;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core;

/// <summary>How the words of the domain are spelled outside: on the wire, in events and in rows. Never derived from the C# names.</summary>
public static class WireNames
{
    public static string ToWire(this Platform platform) => platform switch
    {
        Platform.Android => "android",
        Platform.Ios => "ios",
        Platform.Ipados => "ipados",
        Platform.Macos => "macos",
        Platform.Windows => "windows",
        Platform.Linux => "linux",
        Platform.Other => "other",
        _ => throw new UnreachableException($"No wire name for {platform}"),
    };

    public static Platform? ToPlatform(ReadOnlySpan<char> text) => text switch
    {
        "android" => Platform.Android,
        "ios" => Platform.Ios,
        "ipados" => Platform.Ipados,
        "macos" => Platform.Macos,
        "windows" => Platform.Windows,
        "linux" => Platform.Linux,
        "other" => Platform.Other,
        _ => null,
    };

    public static string ToWire(this EncryptionStatus status) => status switch
    {
        EncryptionStatus.Encrypted => "encrypted",
        EncryptionStatus.Unencrypted => "unencrypted",
        EncryptionStatus.Encrypting => "encrypting",
        EncryptionStatus.Unknown => "unknown",
        _ => throw new UnreachableException($"No wire name for {status}"),
    };

    public static EncryptionStatus? ToEncryptionStatus(ReadOnlySpan<char> text) => text switch
    {
        "encrypted" => EncryptionStatus.Encrypted,
        "unencrypted" => EncryptionStatus.Unencrypted,
        "encrypting" => EncryptionStatus.Encrypting,
        "unknown" => EncryptionStatus.Unknown,
        _ => null,
    };

    public static string ToWire(this LifecycleState state) => state switch
    {
        LifecycleState.Provisioned => "Provisioned",
        LifecycleState.Active => "Active",
        LifecycleState.Quarantined => "Quarantined",
        LifecycleState.Retired => "Retired",
        _ => throw new UnreachableException($"No wire name for {state}"),
    };

    public static LifecycleState? ToLifecycleState(ReadOnlySpan<char> text) => text switch
    {
        "Provisioned" => LifecycleState.Provisioned,
        "Active" => LifecycleState.Active,
        "Quarantined" => LifecycleState.Quarantined,
        "Retired" => LifecycleState.Retired,
        _ => null,
    };

    /// <summary>One word for each reason, in the order of the domain's list.</summary>
    public static IEnumerable<string> ToWire(this QuarantineReasons reasons)
    {
        if (reasons.HasFlag(QuarantineReasons.Noncompliant))
        {
            yield return "noncompliant";
        }

        if (reasons.HasFlag(QuarantineReasons.Lost))
        {
            yield return "lost";
        }

        if (reasons.HasFlag(QuarantineReasons.Stolen))
        {
            yield return "stolen";
        }

        if (reasons.HasFlag(QuarantineReasons.IdentityRevoked))
        {
            yield return "identityRevoked";
        }

        if (reasons.HasFlag(QuarantineReasons.Operator))
        {
            yield return "operator";
        }

        if (reasons.HasFlag(QuarantineReasons.Wiped))
        {
            yield return "wiped";
        }
    }

    public static string ToWire(this ComplianceStatus status) => status switch
    {
        ComplianceStatus.Unknown => "unknown",
        ComplianceStatus.Compliant => "compliant",
        ComplianceStatus.InGracePeriod => "inGracePeriod",
        ComplianceStatus.Noncompliant => "noncompliant",
        ComplianceStatus.Error => "error",
        _ => throw new UnreachableException($"No wire name for {status}"),
    };

    public static ComplianceStatus? ToComplianceStatus(ReadOnlySpan<char> text) => text switch
    {
        "unknown" => ComplianceStatus.Unknown,
        "compliant" => ComplianceStatus.Compliant,
        "inGracePeriod" => ComplianceStatus.InGracePeriod,
        "noncompliant" => ComplianceStatus.Noncompliant,
        "error" => ComplianceStatus.Error,
        _ => null,
    };

    public static string ToWire(this RuleStatus status) => status switch
    {
        RuleStatus.Compliant => "compliant",
        RuleStatus.NotApplicable => "notApplicable",
        RuleStatus.Noncompliant => "noncompliant",
        RuleStatus.Unknown => "unknown",
        RuleStatus.Error => "error",
        _ => throw new UnreachableException($"No wire name for {status}"),
    };

    public static string ToWire(this Severity severity) => severity switch
    {
        Severity.Required => "required",
        Severity.Advisory => "advisory",
        _ => throw new UnreachableException($"No wire name for {severity}"),
    };

    public static string ToWire(this LadderAction action) => PolicyWords.Actions[action];

    public static string ToWire(this AccessLevel level) => level switch
    {
        AccessLevel.Allow => "allow",
        AccessLevel.Quarantine => "quarantine",
        AccessLevel.Block => "block",
        _ => throw new UnreachableException($"No wire name for {level}"),
    };

    public static AccessLevel? ToAccessLevel(ReadOnlySpan<char> text) => text switch
    {
        "allow" => AccessLevel.Allow,
        "quarantine" => AccessLevel.Quarantine,
        "block" => AccessLevel.Block,
        _ => null,
    };
}
