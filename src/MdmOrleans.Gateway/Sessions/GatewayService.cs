using System.Collections.Immutable;
using System.Diagnostics;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>What the twins reach connections through.</summary>
internal sealed class GatewayService(GrainId id, Silo silo, ILoggerFactory loggers, SessionRegistry registry)
    : GrainService(id, silo, loggers), IGatewayService
{
    public Task PushAsync(DeviceId device, SessionEpoch session, DeviceCommand command)
    {
        if (registry.TryFind(device, session, out var found))
        {
            found.Push(command);
        }

        return Task.CompletedTask;
    }

    public Task CloseAsync(DeviceId device, SessionEpoch session, CloseReason reason)
    {
        if (registry.TryFind(device, session, out var found))
        {
            Close(found, reason);
        }

        return Task.CompletedTask;
    }

    public Task<ImmutableArray<bool>> AreHeldAsync(ImmutableArray<DeviceId> devices) =>
        Task.FromResult(ImmutableArray.CreateRange(devices, device => registry.NewestOf(device) is not null));

    public Task<SessionEpoch?> FindAsync(DeviceId device) => Task.FromResult(registry.NewestOf(device));

    public Task<int> CountAsync(TenantId tenant) => Task.FromResult(registry.CountOf(tenant));

    internal static void Close(MqttSession session, CloseReason reason)
    {
        switch (reason)
        {
            case CloseReason.TakenOver:
                session.Close(ReasonCode.SessionTakenOver, "A newer connection of the device has taken over.");
                break;
            case CloseReason.Revoked:
                session.CloseAfterWork(ReasonCode.NotAuthorized, "The credential of the device was revoked.");
                break;
            case CloseReason.Retired:
                session.CloseAfterWork(ReasonCode.AdministrativeAction, "The device is retired or wiped.");
                break;
            default:
                throw new UnreachableException($"No reason code for {reason}");
        }
    }
}
