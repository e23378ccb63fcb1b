using MdmOrleans.Contracts.Commands;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Tenancy;

namespace MdmOrleans.Api.Commands;

internal static class HoldWire
{
    public static HoldBody ToHold(this DeviceCommand command, DeviceId device) => new()
    {
        Id = new HoldId(device, command.Id).ToString(),
        Device = device.Name,
        Command = command.Id,
        Kind = command.Kind.ToWire(),
        Reason = command.Reason,
        RequestedBy = command.RequestedBy,
        HeldAt = command.CreatedAt,
        Status = command.Status.ToWire(),
        SettledAt = command.Status == CommandStatus.OnHold ? command.ExpiresAt : null,
    };

    public static HoldBody ToHold(this GovernorChange change, string status) => new()
    {
        Id = HoldId.Governor,
        Device = null,
        Command = null,
        Kind = HoldId.Governor,
        Reason = "loosened",
        RequestedBy = change.RequestedBy,
        HeldAt = change.RequestedAt,
        Status = status,
        SettledAt = status == CommandStatusNames.OnHold ? change.EffectiveAt : null,
    };
}
