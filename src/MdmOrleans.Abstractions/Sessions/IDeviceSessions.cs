using System.Collections.Immutable;
using MdmOrleans.Core;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Sessions;

namespace MdmOrleans.Abstractions.Sessions;

/// <summary>The connections of one device. Key: <c>DeviceId.ToString()</c>.</summary>
[GrainInterfaceType("mdm.device.sessions")]
public interface IDeviceSessions : IGrainWithStringKey
{
    /// <summary>Proves the credential and makes this the device's session; the gateway of an older one is told to close it.</summary>
    [Alias("Connect"), ResponseTimeout("00:00:08")]
    Task<ConnectReply> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken);

    /// <summary>The connection was lost, which is an event: one for each connection. One of an older session changes nothing.</summary>
    /// <returns>Null once the event is stored, or where there is none to store.</returns>
    [Alias("Lose"), ResponseTimeout("00:00:09")]
    Task<Problem?> LoseAsync(SessionEpoch session, ConnectionLoss loss, CancellationToken cancellationToken);

    /// <summary>The connection has ended in good order. One of an older session changes nothing.</summary>
    [Alias("Disconnect")]
    Task DisconnectAsync(SessionEpoch session, CancellationToken cancellationToken);
}

/// <param name="Token">Hash of what the device gave as its password.</param>
/// <param name="Session">What the gateway proposes. The twin raises it above every session that it knows: <see cref="ConnectReply.Session"/>.</param>
/// <param name="Gateway">The silo that holds the connection.</param>
[GenerateSerializer, Immutable, Alias("mdm.ConnectRequest")]
public sealed record ConnectRequest(
    [property: Id(0)] SecretHash Token,
    [property: Id(1)] SessionEpoch Session,
    [property: Id(2)] SiloAddress Gateway);

[GenerateSerializer, Alias("mdm.ConnectResult")]
public enum ConnectResult
{
    Accepted,

    /// <summary>No such device, or another credential: callers must not be able to tell which.</summary>
    BadCredential,

    /// <summary>The credential is right, but it is not enrolled, or its identity is revoked.</summary>
    NotAuthorized,

    /// <summary>Retired or wiped, with nothing left to report.</summary>
    Banned,

    /// <summary>A newer session is already there. Only the version before this one answers so.</summary>
    Superseded,
}

/// <param name="Epoch">The enrollment epoch that the credential belongs to.</param>
/// <param name="Commands">What is pending, in the order in which to offer it; empty unless accepted.</param>
[GenerateSerializer, Immutable, Alias("mdm.ConnectReply")]
public sealed record ConnectReply(
    [property: Id(0)] ConnectResult Result,
    [property: Id(1)] int Epoch,
    [property: Id(2)] ImmutableArray<DeviceCommand> Commands)
{
    /// <summary>The epoch of the accepted connection; null from a twin of the version before this one, which takes what was proposed.</summary>
    [Id(3)]
    public SessionEpoch? Session { get; init; }
}
