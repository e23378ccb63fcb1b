using MdmOrleans.Contracts.Http;
using MdmOrleans.Contracts.Http.Commands;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Api.Commands;

internal static class CommandWire
{
    public static CommandBody ToBody(this DeviceCommand command) => new()
    {
        Id = command.Id,
        Kind = command.Kind.ToWire(),
        Status = command.Status.ToWire(),
        Parameters = new RawJson(command.Parameters.Memory),
        RequestedBy = command.RequestedBy,
        Reason = command.Reason,
        CreatedAt = command.CreatedAt,
        ExpiresAt = command.ExpiresAt == DateTimeOffset.MaxValue ? null : command.ExpiresAt,
        DeliverableFrom = command.DeliverableFrom,
        Attempts = command.Attempts,
        Epoch = command.Epoch,
        Code = command.Code,
        Detail = command.Detail,
        Result = new RawJson(command.Result.Memory),
        UpdatedAt = command.UpdatedAt,
    };
}
