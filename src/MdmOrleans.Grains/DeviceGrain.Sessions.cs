using System.Security.Cryptography;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Grains;

public sealed partial class DeviceGrain
{
    // Compared with where there is no device, so that both answers take the same work. Nothing hashes to it.
    private static readonly SecretHash Nobody = SecretHash.Of(RandomNumberGenerator.GetBytes(32));

    public Task<ConnectReply> ConnectAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        var isProved = (_device?.Token ?? Nobody).Matches(request.Token);
        if (_device is not { } device || !isProved)
        {
            if (_device is null)
            {
                NotFound();
            }

            return Task.FromResult(new ConnectReply(ConnectResult.BadCredential, 0, []));
        }

        var now = time.GetInstant();
        var offer = CommandRules.Offer(device, now);
        var result = device switch
        {
            { Lifecycle: LifecycleState.Retired } when !RetirementRules.IsUnderWay(device, now) => ConnectResult.Banned,
            _ when device.QuarantineReasons.HasFlag(QuarantineReasons.Wiped) => ConnectResult.Banned,
            _ when device.QuarantineReasons.HasFlag(QuarantineReasons.IdentityRevoked) => ConnectResult.NotAuthorized,
            { Session: { } current } when request.Session < current.Epoch => ConnectResult.Superseded,
            _ => ConnectResult.Accepted,
        };
        if (result != ConnectResult.Accepted)
        {
            return Task.FromResult(new ConnectReply(result, device.Epoch, []));
        }

        if (device.Session is { } older)
        {
            gateways.Close(_id, older, CloseReason.TakenOver);
        }

        _isSessionCertain = true;
        _connects++;

        // In memory only: the next write stores the session, and the last-seen lane the time.
        Hear(device with { Session = new DeviceSession(request.Session, request.Gateway.ToParsableString()) }, now);
        return Task.FromResult(new ConnectReply(ConnectResult.Accepted, device.Epoch, offer));
    }

    public Task DisconnectAsync(SessionEpoch session, CancellationToken cancellationToken)
    {
        if (_device is { } device && device.Session?.Epoch == session)
        {
            Hear(device, time.GetInstant());
        }

        return Task.CompletedTask;
    }

    private void Hear(Device device, DateTimeOffset now)
    {
        var seen = device.Seen is { } before ? before with { SeenAt = now } : new LastSeen { SeenAt = now };
        store.TryTouch(_id, seen); // nobody is promised anything by a connect or its end
        _device = device with { Seen = seen };
    }
}
