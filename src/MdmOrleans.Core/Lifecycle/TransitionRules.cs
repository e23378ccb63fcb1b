using MdmOrleans.Core.Access;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Deadlines;
using MdmOrleans.Core.Integrations;

namespace MdmOrleans.Core.Lifecycle;

/// <summary>The moves that people and other systems may ask for. The wipes and retirements in them pass the governor first.</summary>
public static class TransitionRules
{
    /// <summary>What a move comes down to; the last arm refuses.</summary>
    internal enum Move { Refused, NotNominated, Nothing, Lose, Isolate, Find, Release, Retire }

    /// <summary>Whether the governor must be asked before the move is made. What is overdue has ended by then.</summary>
    public static bool NeedsGovernor(Device device, TransitionRequest request, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        return MoveOf(turn.Device, request) switch
        {
            Move.Lose => !HasPending(turn.Device, CommandKind.Wipe),
            Move.Retire => PendingRetirement(turn.Device) is null,
            _ => false,
        };
    }

    /// <param name="ids">Of the commands that the move may queue; version 7.</param>
    /// <param name="onRetire">What the device's policy asks of a retired device.</param>
    /// <param name="judgement">The governor's, about <see cref="TransitionIds.First"/>; without one, a wipe or a retirement is held.</param>
    public static (Decision Decision, DeviceCommand? Hold) Apply(
        Device device, TransitionRequest request, TransitionIds ids, Compliance.RetirementAction onRetire, Judgement judgement, DateTimeOffset now)
    {
        var turn = new DeviceTurn(device, now);
        CommandMoves.EndOverdue(turn);
        DeviceCommand? hold = null;
        switch (MoveOf(turn.Device, request))
        {
            case Move.Refused:
                return (Decision.Refuse(device, device.Lifecycle == LifecycleState.Retired ? ProblemCatalog.DeviceRetired : NotAllowed(turn.Device, request)), null);
            case Move.NotNominated:
                return (Decision.Refuse(device, ProblemCatalog.NotNominated), null);
            case Move.Nothing:
                return (Decision.Unchanged(device), null);
            case Move.Lose:
                Lose(turn, request, ids, judgement);
                break;
            case Move.Isolate:
                LifecycleRules.SetReasons(turn, turn.Device.QuarantineReasons | QuarantineReasons.Operator, now, request.Actor, "operator", request.Note);
                break;
            case Move.Find:
                CancelLostWipe(turn, request.Actor);
                LifecycleRules.SetReasons(
                    turn, turn.Device.QuarantineReasons & ~(QuarantineReasons.Lost | QuarantineReasons.Stolen), now, request.Actor, "found", request.Note);
                break;
            case Move.Release:
                LifecycleRules.SetReasons(turn, turn.Device.QuarantineReasons & ~QuarantineReasons.Operator, now, request.Actor, "operator", request.Note);
                break;
            case Move.Retire:
                hold = PendingRetirement(turn.Device) ?? RetirementRules.Retire(turn, request, ids.First, onRetire, judgement);
                break;
        }

        AccessRules.Apply(turn, now, request.Actor);
        DeadlineRules.Rearm(turn);
        return (turn.Decide(), hold);
    }

    internal static Move MoveOf(Device device, TransitionRequest request) => (request.To, request.Reason, device.Lifecycle) switch
    {
        _ when request.IfNominated && device.Compliance.Ladder?.NominatedAt is null => Move.NotNominated,
        (LifecycleState.Retired, TransitionReason.Disposed or TransitionReason.Operator, LifecycleState.Retired) => Move.Nothing,
        (LifecycleState.Retired, TransitionReason.Disposed or TransitionReason.Operator, _) => Move.Retire,
        (_, _, LifecycleState.Retired) => Move.Refused,
        (LifecycleState.Quarantined, TransitionReason.Lost, _) => IfNew(device, QuarantineReasons.Lost, Move.Lose),
        (LifecycleState.Quarantined, TransitionReason.Stolen, _) => IfNew(device, QuarantineReasons.Stolen, Move.Lose),
        (LifecycleState.Quarantined, TransitionReason.Operator, _) => IfNew(device, QuarantineReasons.Operator, Move.Isolate),
        (LifecycleState.Active, TransitionReason.Found, LifecycleState.Quarantined) =>
            IfThere(device, QuarantineReasons.Lost | QuarantineReasons.Stolen, Move.Find),
        (LifecycleState.Active, TransitionReason.Operator, LifecycleState.Quarantined) => IfThere(device, QuarantineReasons.Operator, Move.Release),
        (LifecycleState.Active, TransitionReason.Found or TransitionReason.Operator, LifecycleState.Active) => Move.Nothing,
        _ => Move.Refused,
    };

    private static Problem NotAllowed(Device device, TransitionRequest request)
    {
        var targets = Enum.GetValues<LifecycleState>()
            .Select(to => (To: to, Reasons: Enum.GetValues<TransitionReason>().Where(reason => IsPossible(to, reason)).ToArray()))
            .Where(target => target.Reasons.Length > 0)
            .Select(target => $"{target.To.ToWire()} ({string.Join(", ", target.Reasons.Select(InboundRules.ActionOf))})");
        return ProblemCatalog.TransitionNotAllowed(device.Lifecycle, string.Join(" or ", targets));

        bool IsPossible(LifecycleState to, TransitionReason reason) =>
            MoveOf(device, request with { To = to, Reason = reason, IfNominated = false }) is not (Move.Refused or Move.Nothing);
    }

    private static Move IfNew(Device device, QuarantineReasons reason, Move move) =>
        device.QuarantineReasons.HasFlag(reason) ? Move.Nothing : move;

    // Lifting what is not there would answer 'done' to somebody whose device stays quarantined for another reason.
    private static Move IfThere(Device device, QuarantineReasons reasons, Move move) =>
        (device.QuarantineReasons & reasons) != QuarantineReasons.None ? move : Move.Refused;

    private static DeviceCommand? PendingRetirement(Device device) => device.Commands.Pending.FirstOrDefault(c => c is { Retires: true, Status: CommandStatus.OnHold });

    // The lock goes at once; the wipe only where the tenant wants that, and the governor lets it.
    private static void Lose(DeviceTurn turn, TransitionRequest request, TransitionIds ids, Judgement judgement)
    {
        var (reason, word) = request.Reason == TransitionReason.Stolen ? (QuarantineReasons.Stolen, "stolen") : (QuarantineReasons.Lost, "lost");
        LifecycleRules.SetReasons(turn, turn.Device.QuarantineReasons | reason, turn.Now, request.Actor, word, request.Note);
        if (!HasPending(turn.Device, CommandKind.Wipe))
        {
            CommandRules.Add(turn, Request(CommandKind.Wipe, request, word), ids.First, judgement, turn.Now);
        }

        if (!HasPending(turn.Device, CommandKind.Lock))
        {
            CommandRules.Add(turn, Request(CommandKind.Lock, request, word), ids.Second, default, turn.Now);
        }
    }

    private static void CancelLostWipe(DeviceTurn turn, string actor)
    {
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (command is { Kind: CommandKind.Wipe, Status: CommandStatus.OnHold or CommandStatus.Queued, Purpose: CommandPurpose.Loss })
            {
                CommandMoves.Apply(turn, command, CommandCause.Cancel, turn.Now, actor, "found");
            }
        }
    }

    private static bool HasPending(Device device, CommandKind kind) => device.Commands.Pending.Any(c => c.Kind == kind);

    private static CommandRequest Request(CommandKind kind, TransitionRequest request, string reason) => new()
    {
        Kind = kind,
        Parameters = Utf8Block.FromText("{}"),
        Actor = request.Actor,
        OnBehalfOf = request.OnBehalfOf,
        Reason = reason,
        Purpose = CommandPurpose.Loss,
    };
}

/// <summary>Ids for the commands that one move may queue.</summary>
public readonly record struct TransitionIds(Guid First, Guid Second)
{
    public static TransitionIds At(DateTimeOffset now) => new(Guid.CreateVersion7(now), Guid.CreateVersion7(now));
}
