using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MdmOrleans.Contracts.Commands;

namespace MdmOrleans.Contracts.Http.Commands;

/// <summary>Body of <c>POST /v1/tenants/{tenant}/devices/{device}/commands</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record QueueCommandRequest
{
    [AllowedValues(
        CommandKindNames.Lock, CommandKindNames.Wipe, CommandKindNames.Retire, CommandKindNames.Restart, CommandKindNames.Rename,
        CommandKindNames.Locate, CommandKindNames.LostModeOn, CommandKindNames.LostModeOff, CommandKindNames.ClearPasscode,
        CommandKindNames.InstallApp, CommandKindNames.RemoveApp, CommandKindNames.ApplyConfiguration, CommandKindNames.RotateCertificate,
        CommandKindNames.CollectInventory, CommandKindNames.CheckInNow, CommandKindNames.UpdateOs, CommandKindNames.Message, CommandKindNames.Custom)]
    public required string Kind { get; init; }

    /// <summary>An object of at most 16 KiB, passed on to the device untouched. Absent: an empty one.</summary>
    public RawJson Parameters { get; init; }

    /// <summary>1 to 31,536,000. Absent: 90 days for <c>wipe</c>, <c>retire</c>, <c>lock</c> and <c>lostMode*</c>, 24 hours for others.</summary>
    public int? ExpiresInSeconds { get; init; }

    /// <summary>
    /// True: it is delivered only while the patch window of the device's policy is open, if that has one, and by default lives
    /// at least until the first one closes. <c>updateOs</c> always does. Absent: false.
    /// </summary>
    public bool? InPatchWindow { get; init; }
}
