using System.Security.Cryptography;
using MdmOrleans.Abstractions.Sessions;
using MdmOrleans.Core;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;
using MdmOrleans.Core.Sessions;

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

        var session = request.Session.After(device.Session?.Epoch);
        var mayHaveStrays = !_isSessionCertain && device.Seen is not null;
        (_found, _isSessionCertain) = (null, true);
        _connects++;

        // In memory only: the next write stores the session, and the last-seen lane the time.
        Hear(device with { Session = new DeviceSession(session, request.Gateway.ToParsableString()) }, now);
        if (mayHaveStrays)
        {
            CloseStraysAsync(request.Gateway).Ignore(); // the device does not wait for the end of what it has left behind
        }

        return Task.FromResult(new ConnectReply(ConnectResult.Accepted, device.Epoch, offer) { Session = session });
    }

    public async Task<Problem?> LoseAsync(SessionEpoch session, ConnectionLoss loss, CancellationToken cancellationToken)
    {
        if (_device is null)
        {
            return NotFound();
        }

        return Doubt(session, null) is { } doubt
            ? doubt == ProblemCatalog.SessionSuperseded ? null : doubt
            : await CommitAsync(SessionRules.Lose(_device, session, loss, time.GetInstant()));
    }

    public Task DisconnectAsync(SessionEpoch session, CancellationToken cancellationToken)
    {
        if (_device is { } device && device.Session?.Epoch.Connection == session.Connection)
        {
            Hear(device, time.GetInstant());
        }

        return Task.CompletedTask;
    }

    /// <summary>Null where what the connection says counts, or where its enrollment is for the rules to judge.</summary>
    private Problem? Doubt(SessionEpoch? session, int? epoch)
    {
        if (_device is not { } device || epoch < device.Epoch)
        {
            return null;
        }

        switch (SessionEpoch.Compare(session, device.Session?.Epoch))
        {
            case SessionStanding.Superseded:
                return ProblemCatalog.SessionSuperseded;
            case SessionStanding.Newer when _isSessionCertain:
                deadlines.Distrust(); // another activation accepted it, so this one is a leftover
                DeactivateOnIdle();
                return ProblemCatalog.Unavailable;
            case SessionStanding.Newer:
                _device = device with { Session = new DeviceSession(session!.Value, null) }; // only a session can be newer
                return null;
            default:
                return null;
        }
    }

    /// <summary>Ends connections that an earlier activation accepted and did not store: this one cannot know of them.</summary>
    /// <param name="gateway">Holds the new connection, and ends its own older ones itself.</param>
    private async Task CloseStraysAsync(SiloAddress gateway)
    {
        foreach (var session in await gateways.FindAsync(_id, except: gateway))
        {
            if (_device?.Session is { } current && current.Epoch.Connection != session.Epoch.Connection)
            {
                gateways.Close(_id, session, CloseReason.TakenOver);
            }
        }
    }

    private void Hear(Device device, DateTimeOffset now)
    {
        var seen = LastSeen.At(device.Seen, now);
        store.TryTouch(_id, seen); // nobody is promised anything by a connect or its end
        _device = device with { Seen = seen };
    }
}
