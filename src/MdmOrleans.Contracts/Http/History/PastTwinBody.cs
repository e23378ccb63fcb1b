using System.ComponentModel.DataAnnotations;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Contracts.Http.History;

/// <summary>A twin as of a past instant, from its history. Null is 'it did not say', or 'there was none'.</summary>
public sealed record PastTwinBody
{
    public required string Tenant { get; init; }

    public required string Device { get; init; }

    /// <summary>The instant that was asked for.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The number of the last event that had taken effect.</summary>
    public required long Number { get; init; }

    public required int Epoch { get; init; }

    [AllowedValues(LifecycleNames.Provisioned, LifecycleNames.Active, LifecycleNames.Quarantined, LifecycleNames.Retired)]
    public required string Lifecycle { get; init; }

    public required IReadOnlyList<string> QuarantineReasons { get; init; }

    [AllowedValues(
        ComplianceNames.Unknown, ComplianceNames.Compliant, ComplianceNames.InGracePeriod, ComplianceNames.Noncompliant, ComplianceNames.Error)]
    public required string Compliance { get; init; }

    [AllowedValues(AccessNames.Allow, AccessNames.Quarantine, AccessNames.Block)]
    public required string Access { get; init; }

    /// <summary>As of the last change of the verdict.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public required DateTimeOffset? NoncompliantSince { get; init; }

    public required DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>By which it was judged.</summary>
    public required PolicyReference? Policy { get; init; }

    /// <summary>Reported, or else what the operator said.</summary>
    [AllowedValues(
        PlatformNames.Android, PlatformNames.Ios, PlatformNames.Ipados, PlatformNames.Macos, PlatformNames.Windows, PlatformNames.Linux, PlatformNames.Other)]
    public required string? Platform { get; init; }

    public required string? Model { get; init; }

    public required string? Serial { get; init; }

    public required string? OsVersion { get; init; }

    public required DateOnly? PatchLevel { get; init; }

    [AllowedValues(
        EncryptionStatusNames.Encrypted, EncryptionStatusNames.Unencrypted, EncryptionStatusNames.Encrypting, EncryptionStatusNames.Unknown)]
    public required string? EncryptionStatus { get; init; }

    public required bool? KeyProtectEnabled { get; init; }

    public required bool? Jailbroken { get; init; }

    public required bool? PasscodeSet { get; init; }

    /// <summary>Only those that the policy of that time read.</summary>
    public required RawJson Attributes { get; init; }

    /// <summary>SHA-256 of the apps as the device sent them: they themselves are not kept.</summary>
    public required string? AppsDigest { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The members of a twin that the history does not tell.</summary>
    public required IReadOnlyList<string> NotKept { get; init; }
}
