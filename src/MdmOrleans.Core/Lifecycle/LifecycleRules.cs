using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Lifecycle;

/// <summary>Where a device stands follows from three facts, so that no sequence of inputs can leave an impossible state.</summary>
internal static class LifecycleRules
{
    /// <summary>Retired is final; a reason quarantines; otherwise it is active once it has checked in.</summary>
    public static LifecycleState StateOf(bool isRetired, QuarantineReasons reasons, bool wasActive) => (isRetired, reasons, wasActive) switch
    {
        (true, _, _) => LifecycleState.Retired,
        (_, not QuarantineReasons.None, _) => LifecycleState.Quarantined,
        (_, _, true) => LifecycleState.Active,
        _ => LifecycleState.Provisioned,
    };

    /// <summary>The first accepted check-in.</summary>
    public static void Activate(DeviceTurn turn)
    {
        if (!turn.Device.WasActive)
        {
            turn.Store(turn.Device with { WasActive = true });
            Settle(turn, turn.Now, Actors.Device, "checkedIn");
        }
    }

    /// <summary>Adds or lifts reasons; a change that leaves the state alone is an event of its own.</summary>
    /// <param name="at">When it took effect.</param>
    /// <param name="reason">The word that the history gives for it.</param>
    public static void SetReasons(DeviceTurn turn, QuarantineReasons reasons, DateTimeOffset at, string actor, string reason, string? note = null)
    {
        var before = turn.Device.QuarantineReasons;
        if (before == reasons || turn.Device.Lifecycle == LifecycleState.Retired)
        {
            return;
        }

        turn.Store(turn.Device with { QuarantineReasons = reasons });
        if (!Settle(turn, at, actor, reason, note))
        {
            turn.Record(EventKinds.QuarantineReasonsChanged, at, actor, reason, Join(before), Join(reasons), DetailOf(QuarantineReasons.None, note));
        }
    }

    /// <summary>The reasons that stand after a move, so that the history alone tells them, and what a person wrote beside it.</summary>
    public static Utf8Block DetailOf(QuarantineReasons reasons, string? note) => reasons == QuarantineReasons.None && note is null
        ? default
        : JsonBlocks.Write((reasons, note), static (json, move) =>
        {
            json.WriteStartObject();
            if (move.reasons != QuarantineReasons.None)
            {
                json.WriteString("quarantineReasons"u8, Join(move.reasons));
            }

            if (move.note is not null)
            {
                json.WriteString("note"u8, move.note);
            }

            json.WriteEndObject();
        });

    private static bool Settle(DeviceTurn turn, DateTimeOffset at, string actor, string reason, string? note = null)
    {
        var device = turn.Device;
        var state = StateOf(device.Lifecycle == LifecycleState.Retired, device.QuarantineReasons, device.WasActive);
        if (state == device.Lifecycle)
        {
            return false;
        }

        turn.Device = device with { Lifecycle = state };
        turn.Record(
            EventKinds.LifecycleChanged, at, actor, reason, device.Lifecycle.ToWire(), state.ToWire(), DetailOf(device.QuarantineReasons, note));
        return true;
    }

    private static string Join(QuarantineReasons reasons) => string.Join(' ', reasons.ToWire());
}
