using System.Collections.Immutable;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using Orleans.Concurrency;
using Orleans.Services;

namespace MdmOrleans.Abstractions.Sessions;

/// <summary>What the twins ask of the silo that holds a connection. Hosted by every silo with the role <c>gateway</c>.</summary>
/// <remarks>Every call names the session that it means; a session that is not there any more makes it a no-op.</remarks>
[GrainInterfaceType("mdm.gateway")]
public interface IGatewayService : IGrainService
{
    /// <summary>Delivers on <c>dn/command/{id}</c> as soon as the client's window allows. A hint: the twin's queue is the truth.</summary>
    [Alias("Push"), OneWay]
    Task PushAsync(DeviceId device, SessionEpoch session, DeviceCommand command);

    [Alias("Close"), OneWay]
    Task CloseAsync(DeviceId device, SessionEpoch session, CloseReason reason);

    /// <summary>Which of these devices have a live session here, whichever it is, in the order given.</summary>
    [Alias("AreHeld"), ResponseTimeout("00:00:01")]
    Task<ImmutableArray<bool>> AreHeldAsync(ImmutableArray<DeviceId> devices);

    /// <summary>The device's newest session that is alive here; null when there is none.</summary>
    [Alias("Find"), ResponseTimeout("00:00:01")]
    Task<SessionEpoch?> FindAsync(DeviceId device);

    /// <summary>Live sessions of the tenant on this gateway.</summary>
    [Alias("Count"), ResponseTimeout("00:00:01")]
    Task<int> CountAsync(TenantId tenant);
}

[GenerateSerializer, Alias("mdm.CloseReason")]
public enum CloseReason
{
    /// <summary>A newer session of the same device. MQTT 0x8E.</summary>
    TakenOver,

    /// <summary>The credential does not count any more. MQTT 0x87.</summary>
    Revoked,

    /// <summary>Retired or wiped. MQTT 0x98.</summary>
    Retired,
}
