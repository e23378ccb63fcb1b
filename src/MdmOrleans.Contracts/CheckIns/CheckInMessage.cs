using System.Text.Json;

namespace MdmOrleans.Contracts.CheckIns;

/// <summary>Payload of <c>up/checkin</c>: the posture of a device. An absent member means 'unknown' or 'as before', as said at each.</summary>
public sealed record CheckInMessage
{
    /// <summary>Echoed in the answer. Absent: the answer carries none.</summary>
    public string? Rid { get; init; }

    /// <summary>Names this boot of the agent; <see cref="Seq"/> counts within it.</summary>
    public string? Boot { get; init; }

    /// <summary>Within one boot, one that is not above the highest seen is a duplicate.</summary>
    public long? Seq { get; init; }

    /// <summary>The device's own clock: kept, never used to judge.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>IANA name. Absent: as before.</summary>
    public string? TimeZone { get; init; }

    /// <summary>One of <see cref="PlatformNames"/>.</summary>
    public required string Platform { get; init; }

    /// <summary>Absent: as before.</summary>
    public string? Model { get; init; }

    /// <summary>Absent: as before.</summary>
    public string? Serial { get; init; }

    /// <summary>1 to 6 dotted numbers, each up to 2147483647.</summary>
    public required string OsVersion { get; init; }

    /// <summary>Day of the last installed patches, <c>yyyy-mm-dd</c>. Absent: unknown.</summary>
    public string? PatchLevel { get; init; }

    /// <summary>One of <see cref="EncryptionStatusNames"/>.</summary>
    public required string EncryptionStatus { get; init; }

    /// <summary>Whether keys are backed by hardware. Absent: unknown.</summary>
    public bool? KeyProtectEnabled { get; init; }

    /// <summary>Absent: unknown.</summary>
    public bool? Jailbroken { get; init; }

    /// <summary>Absent: unknown.</summary>
    public bool? PasscodeSet { get; init; }

    /// <summary>Everything that is installed; replaces what was reported before. Absent: as before.</summary>
    public IReadOnlyList<InstalledApp>? Apps { get; init; }

    /// <summary>An object of whatever else the device can say; replaces what was reported before. Absent: as before.</summary>
    public JsonElement? Attributes { get; init; }
}

/// <summary>One installed app or package.</summary>
/// <param name="Version">Compared by its numeric prefix where it is not dotted numbers. Absent: unknown.</param>
public sealed record InstalledApp(string Id, string? Version = null);
