using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Access;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Compliance;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Contracts.Lifecycle;

namespace MdmOrleans.Contracts.Http.Devices;

/// <summary>The twin of a device: what is known and decided about it. Null is 'it did not say', or 'there is none'.</summary>
public sealed record TwinBody
{
    public required string Tenant { get; init; }

    public required string Device { get; init; }

    /// <summary>1 when created, one more with every stored change; the <c>ETag</c>. The times last seen change without it.</summary>
    public required long Version { get; init; }

    /// <summary>Enrollment epoch: one more whenever it is enrolled again or gets a new token.</summary>
    public required int Epoch { get; init; }

    [AllowedValues(LifecycleNames.Provisioned, LifecycleNames.Active, LifecycleNames.Quarantined, LifecycleNames.Retired)]
    public required string Lifecycle { get; init; }

    /// <summary>Why it is quarantined; several at once.</summary>
    public required IReadOnlyList<string> QuarantineReasons { get; init; }

    [AllowedValues(
        ComplianceNames.Unknown, ComplianceNames.Compliant, ComplianceNames.InGracePeriod, ComplianceNames.Noncompliant, ComplianceNames.Error)]
    public required string Compliance { get; init; }

    [AllowedValues(AccessNames.Allow, AccessNames.Quarantine, AccessNames.Block)]
    public required string Access { get; init; }

    /// <summary>The rules that are neither compliant nor not applicable.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Start of the current episode of noncompliance.</summary>
    public required DateTimeOffset? NoncompliantSince { get; init; }

    public required DateTimeOffset? GraceEndsAt { get; init; }

    /// <summary>The next instant at which it acts without being spoken to.</summary>
    public required DateTimeOffset? NextDueAt { get; init; }

    public required TwinPolicy? Policy { get; init; }

    /// <summary>Reported, or else what the operator said.</summary>
    [AllowedValues(
        PlatformNames.Android, PlatformNames.Ios, PlatformNames.Ipados, PlatformNames.Macos, PlatformNames.Windows, PlatformNames.Linux, PlatformNames.Other)]
    public required string? Platform { get; init; }

    public required string? Model { get; init; }

    /// <summary>What the operator set, or else as reported.</summary>
    public required string? Serial { get; init; }

    /// <summary>What the device says instead; only where that differs from what the operator set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReportedSerial { get; init; }

    public required string? OsVersion { get; init; }

    /// <summary>Day of the last installed patches.</summary>
    public required DateOnly? PatchLevel { get; init; }

    [AllowedValues(
        EncryptionStatusNames.Encrypted, EncryptionStatusNames.Unencrypted, EncryptionStatusNames.Encrypting, EncryptionStatusNames.Unknown)]
    public required string? EncryptionStatus { get; init; }

    /// <summary>Whether keys are backed by hardware.</summary>
    public required bool? KeyProtectEnabled { get; init; }

    public required bool? Jailbroken { get; init; }

    public required bool? PasscodeSet { get; init; }

    /// <summary>An array of <c>{ "id", "version" }</c>, as last reported. In a list only where <c>include</c> names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson? Apps { get; init; }

    /// <summary>An object of whatever else the device said, as last reported: its values, not its bytes. In a list only where <c>include</c> names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RawJson? Attributes { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string? Owner { get; init; }

    /// <summary>True only while a live gateway holds its session.</summary>
    public required bool Connected { get; init; }

    /// <summary>Anything it sent.</summary>
    public required DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>The last accepted check-in.</summary>
    public required DateTimeOffset? LastCheckInAt { get; init; }

    public required int PendingCommands { get; init; }

    /// <summary>The secret with which it connects. Only in the answer that created it: it is stored as a hash.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DeviceToken { get; init; }

    /// <summary>The retirement that waits for a person. Only in the answer to the transition that asked for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HoldBody? Hold { get; init; }
}

/// <summary>Which policy a device is judged by.</summary>
/// <param name="Id">Its name within the tenant.</param>
/// <param name="Version">The one that judged last; null: none did yet.</param>
public sealed record TwinPolicy(string Id, int? Version);
