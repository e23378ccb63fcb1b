using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Sessions;

/// <summary>What a twin makes of the end of a connection.</summary>
public static class SessionRules
{
    /// <summary>Records a lost connection: once, and never one that a newer connection has replaced.</summary>
    /// <param name="session">The connection that was lost. One that is newer than the twin knows was opened before the twin moved.</param>
    public static Decision Lose(Device device, SessionEpoch session, ConnectionLoss loss, DateTimeOffset now)
    {
        if (SessionEpoch.Compare(session, device.Session?.Epoch) == SessionStanding.Superseded || session <= device.LostSession)
        {
            return Decision.Unchanged(device);
        }

        var turn = new DeviceTurn(device, now);
        turn.Record(EventKinds.ConnectionLost, now, Actors.Device, loss.ToWire());
        turn.Store(turn.Device with { LostSession = session, Seen = LastSeen.At(device.Seen, now) });
        return turn.Decide();
    }
}
