using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Contracts.Http.Operations;

/// <summary>Body of <c>POST /v1/tenants/{tenant}/commands</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record BulkCommandRequest
{
    [AllowedValues(
        CommandKindNames.Lock, CommandKindNames.Wipe, CommandKindNames.Retire, CommandKindNames.Restart, CommandKindNames.Rename,
        CommandKindNames.Locate, CommandKindNames.LostModeOn, CommandKindNames.LostModeOff, CommandKindNames.ClearPasscode,
        CommandKindNames.InstallApp, CommandKindNames.RemoveApp, CommandKindNames.ApplyConfiguration, CommandKindNames.RotateCertificate,
        CommandKindNames.CollectInventory, CommandKindNames.CheckInNow, CommandKindNames.UpdateOs, CommandKindNames.Message, CommandKindNames.Custom)]
    public required string Kind { get; init; }

    /// <summary>An object of at most 16 KiB, passed on to each device untouched. Absent: an empty one.</summary>
    public RawJson Parameters { get; init; }

    /// <summary>Of each command, from when it is queued; as for one device.</summary>
    public int? ExpiresInSeconds { get; init; }

    /// <summary>As for one device.</summary>
    public bool? InPatchWindow { get; init; }

    /// <summary>Which devices. The whole fleet is an empty object.</summary>
    public required DeviceFilterBody Filter { get; init; }

    /// <summary>Devices that are asked in a second at most; 1 to 10,000. Absent: 100.</summary>
    public int? RatePerSecond { get; init; }

    /// <summary>
    /// How much of the fleet each wave reaches, in percent, with those before it: at most 20, ascending, 1 to 100; the last is
    /// completed to 100. A wave begins when the one before has ended: all its devices are done, or 24 hours have passed.
    /// Absent: 1, 10, 100.
    /// </summary>
    public IReadOnlyList<int>? Waves { get; init; }

    /// <summary>It stops by itself when a larger share of a wave's devices failed, rejected, or became noncompliant; 0 to 100. Absent: it does not.</summary>
    public double? MaxFailurePercent { get; init; }

    /// <summary>True: only says what it would reach, and changes nothing. Absent: false.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>Which devices; all that is there must hold, as in the list of devices.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DeviceFilterBody
{
    /// <summary>Provisioned, Active, Quarantined or Retired; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Lifecycle { get; init; }

    /// <summary>unknown, compliant, inGracePeriod, noncompliant or error; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Compliance { get; init; }

    /// <summary>allow, quarantine or block; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Access { get; init; }

    /// <summary>android, ios, ipados, macos, windows, linux or other; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Platform { get; init; }

    /// <summary>The name of a label, or name=value; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Label { get; init; }

    /// <summary>Exactly; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Serial { get; init; }

    /// <summary>Exactly; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>Exactly; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }

    /// <summary>Id of an app that is installed; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? App { get; init; }

    /// <summary>Id of a rule that the findings name; several with commas.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rule { get; init; }

    /// <summary>A version, or one behind &lt;, &lt;=, &gt;, &gt;= or !. Of several with commas, one of the plain ones must hold and all others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OsVersion { get; init; }

    /// <summary>An instant: those not heard of at or after it, or never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NotSeenSince { get; init; }

    /// <summary>Their names; 1 to 500.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Devices { get; init; }
}
