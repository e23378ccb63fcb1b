using MdmOrleans.Core.Identity;

namespace MdmOrleans.Api.Commands;

/// <summary>Names a hold: the command and its device, so that it is found without a search. No device has a colon in its name.</summary>
internal readonly record struct HoldId(DeviceId Device, Guid Command)
{
    /// <summary>The one hold that is about no device.</summary>
    public const string Governor = "governor";

    public static bool TryParse(TenantId tenant, string? text, out HoldId id)
    {
        id = default;
        if (text?.Split(':') is not [var device, var command]
            || !DeviceId.TryCreate(tenant.Name, device, out var deviceId)
            || !Guid.TryParseExact(command, "D", out var commandId))
        {
            return false;
        }

        id = new HoldId(deviceId, commandId);
        return true;
    }

    public override string ToString() => $"{Device.Name}:{Command:D}";
}
