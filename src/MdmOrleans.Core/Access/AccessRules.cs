using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.Access;

/// <summary>Whether a device may in, from what the twin knows.</summary>
public static class AccessRules
{
    /// <summary>What a device that nobody knows gets.</summary>
    public static (AccessLevel Level, string Reason) ForUnknownDevice { get; } = (AccessLevel.Block, "unknownDevice");

    /// <summary>As one table, the strongest reason first.</summary>
    internal static (AccessLevel Level, string Reason) Decide(LifecycleState lifecycle, QuarantineReasons reasons, ComplianceState compliance) =>
        (lifecycle, reasons) switch
        {
            (LifecycleState.Retired, _) => (AccessLevel.Block, "retired"),
            (_, var all) when all.HasFlag(QuarantineReasons.Wiped) => (AccessLevel.Block, "wiped"),
            (_, var all) when all.HasFlag(QuarantineReasons.IdentityRevoked) => (AccessLevel.Block, "identityRevoked"),
            _ when compliance.Ladder is { Blocks: true } => (AccessLevel.Block, "noncompliant"),
            (LifecycleState.Quarantined, var all) when all.HasFlag(QuarantineReasons.Stolen) => (AccessLevel.Quarantine, "stolen"),
            (LifecycleState.Quarantined, var all) when all.HasFlag(QuarantineReasons.Lost) => (AccessLevel.Quarantine, "lost"),
            (LifecycleState.Quarantined, var all) when all.HasFlag(QuarantineReasons.Operator) => (AccessLevel.Quarantine, "operator"),
            (LifecycleState.Quarantined, _) => (AccessLevel.Quarantine, "noncompliant"),
            (LifecycleState.Provisioned, _) => (AccessLevel.Quarantine, "neverCheckedIn"),
            _ => (AccessLevel.Allow, compliance.Status.ToWire()),
        };

    /// <summary>Brings the twin's access up to its state; a change of level is an event, a change of words alone is not.</summary>
    internal static void Apply(DeviceTurn turn, DateTimeOffset at, string actor)
    {
        var device = turn.Device;
        var (level, reason) = Decide(device.Lifecycle, device.QuarantineReasons, device.Compliance);
        if (level == device.Access.Level && reason == device.Access.Reason)
        {
            return;
        }

        var from = device.Access.Level;
        turn.Store(device with { Access = new AccessState(level, reason, at) });
        if (from != level)
        {
            turn.Record(EventKinds.AccessChanged, at, actor, reason, from.ToWire(), level.ToWire());
        }
    }
}
