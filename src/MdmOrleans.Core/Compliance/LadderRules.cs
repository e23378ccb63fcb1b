using System.Collections.Immutable;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance.Reading;
using MdmOrleans.Core.History;
using MdmOrleans.Core.Identity;

namespace MdmOrleans.Core.Compliance;

/// <summary>The steps that a policy takes while a device stays noncompliant: each once in an episode, at its own instant.</summary>
/// <remarks>
/// What a step sends (an event, a command, a nomination) is done once and stays done, whatever becomes of the policy. What a step
/// holds (quarantine, block) holds as long as the episode lasts and the policy in force has that step: taking a step out of a policy
/// frees the devices that it held, as a longer grace does.
/// </remarks>
public static class LadderRules
{
    /// <summary>Where the device stands after an evaluation. Null outside of an episode, and where there is nothing to remember.</summary>
    /// <param name="since">The start of the episode; null when there is none.</param>
    internal static LadderState? Judge(LadderState? before, in PolicyAssignment assignment, DateTimeOffset? since)
    {
        var steps = StepsOf(assignment);
        return since is not { } start || (before is null && steps.IsEmpty) ? null : Place(before ?? LadderState.Start, steps, start, assignment.EffectiveAt);
    }

    /// <summary>Takes what is due, in order, each as of its instant.</summary>
    /// <param name="assignment">By which the device was judged last.</param>
    internal static void TakeDue(DeviceTurn turn, in PolicyAssignment assignment, DateTimeOffset upTo)
    {
        while (turn.Device.Compliance is { NoncompliantSince: { } since, Ladder: { NextAt: { } due } ladder } && due <= upTo
            && Next(ladder, StepsOf(assignment)) is { } step)
        {
            Take(turn, assignment, step, since, due);
        }
    }

    /// <summary>The device became compliant: whatever the ladder asked for and did not get is called off.</summary>
    internal static void EndEpisode(DeviceTurn turn, LadderState? ladder, DateTimeOffset at)
    {
        var reason = turn.Device.Compliance.Status.ToWire();
        foreach (var command in turn.Device.Commands.Pending)
        {
            if (command.RequestedBy == Actors.Ladder && command.Status is CommandStatus.OnHold or CommandStatus.Queued)
            {
                CommandMoves.Apply(turn, command, CommandCause.Cancel, at, Actors.Compliance, reason);
            }
        }

        if (ladder?.NominatedAt is not null)
        {
            turn.Record(EventKinds.NominationChanged, at, Actors.Compliance, reason, from: Nominated);
        }
    }

    /// <summary>A human took it off the list; it comes back in another episode only.</summary>
    public static Decision Dismiss(Device device, string actor, DateTimeOffset now)
    {
        if (device.Compliance.Ladder is not { NominatedAt: not null } ladder)
        {
            return Decision.Refuse(device, ProblemCatalog.NotNominated);
        }

        var turn = new DeviceTurn(device with { Compliance = device.Compliance with { Ladder = ladder with { NominatedAt = null } } }, now);
        turn.Record(EventKinds.NominationChanged, now, actor, "dismissed", from: Nominated);
        return turn.Decide();
    }

    /// <summary>The steps that are still to be taken if the episode lasts, in the order of their instants.</summary>
    /// <param name="since">The start of the episode; null when there is none, and then no step comes.</param>
    internal static ImmutableArray<ComingLadderStep> Coming(LadderState? ladder, in PolicyAssignment assignment, DateTimeOffset? since)
    {
        if (since is not { } start)
        {
            return [];
        }

        var effectiveAt = assignment.EffectiveAt;
        return
        [
            .. StepsOf(assignment)
                .Where(step => ladder?.Taken.Contains(step.Key) is not true)
                .Select(step => new ComingLadderStep(InstantOf(step, start, effectiveAt), step))
                .OrderBy(step => step.At),
        ];
    }

    private const string Nominated = "nominated";

    private static ImmutableArray<LadderStep> StepsOf(in PolicyAssignment assignment) => assignment.Policy?.OnNoncompliance ?? [];

    // Not before the policy that brings it: a step that a new version puts into the past is taken as of that version.
    private static DateTimeOffset InstantOf(LadderStep step, DateTimeOffset since, DateTimeOffset effectiveAt) =>
        Instants.Later(since + step.After, effectiveAt);

    private static LadderState Place(LadderState state, ImmutableArray<LadderStep> steps, DateTimeOffset since, DateTimeOffset effectiveAt)
    {
        DateTimeOffset? next = null;
        var (quarantines, blocks) = (false, false);
        foreach (var step in steps)
        {
            if (!state.Taken.Contains(step.Key))
            {
                next = Instants.Earlier(next, InstantOf(step, since, effectiveAt));
            }

            quarantines |= step.Action is LadderAction.Quarantine && state.Taken.Contains(step.Key);
            blocks |= step.Action is LadderAction.Block && state.Taken.Contains(step.Key);
        }

        return state.NextAt == next && state.Quarantines == quarantines && state.Blocks == blocks
            ? state
            : state with { NextAt = next, Quarantines = quarantines, Blocks = blocks };
    }

    /// <summary>The one that comes first; of several at one instant the one that is written first.</summary>
    private static LadderStep? Next(LadderState ladder, ImmutableArray<LadderStep> steps)
    {
        LadderStep? next = null;
        foreach (var step in steps)
        {
            if (!(next?.After <= step.After) && !ladder.Taken.Contains(step.Key))
            {
                next = step;
            }
        }

        return next;
    }

    private static void Take(DeviceTurn turn, in PolicyAssignment assignment, LadderStep step, DateTimeOffset since, DateTimeOffset at)
    {
        var compliance = turn.Device.Compliance;
        var taken = (compliance.Ladder ?? LadderState.Start) with { Taken = [.. compliance.Ladder?.Taken ?? [], step.Key] };
        if (step.Action is LadderAction.NominateRetire)
        {
            taken = taken with { NominatedAt = at };
        }

        turn.Store(turn.Device with { Compliance = compliance with { Ladder = Place(taken, StepsOf(assignment), since, assignment.EffectiveAt) } });
        var request = RequestOf(step);
        var isFull = request is not null && !CommandRules.CanTake(turn.Device.Commands, request);
        turn.Record(EventKinds.LadderStepTaken, at, Actors.Ladder, PolicyWords.Actions[step.Action], detail: DetailOf(step, isFull));
        switch (step.Action)
        {
            case LadderAction.Quarantine or LadderAction.Block:
                ComplianceRules.SettleQuarantine(turn, at, at);
                break;
            case LadderAction.NominateRetire:
                turn.Record(EventKinds.NominationChanged, at, Actors.Ladder, "noncompliant", to: Nominated);
                break;
            case LadderAction.Lock or LadderAction.Command when request is not null && !isFull:
                CommandRules.Queue(turn, request, CommandIds.Of(turn.Device.Id, step.Key, since, at), at);
                break;
            default:
                break; // the event is all there is to it
        }
    }

    private static CommandRequest? RequestOf(LadderStep step) => step switch
    {
        { Action: LadderAction.Lock } => RequestOf(CommandKind.Lock, Utf8Block.FromText("{}")),
        { Action: LadderAction.Command, Command: { } command } => RequestOf(command.Kind, command.Parameters),
        _ => null,
    };

    private static CommandRequest RequestOf(CommandKind kind, Utf8Block parameters) =>
        new() { Kind = kind, Parameters = parameters, Actor = Actors.Ladder, Reason = "noncompliant" };

    private static Utf8Block DetailOf(LadderStep step, bool isFull) => JsonBlocks.Write((step, isFull), static (json, taken) =>
    {
        json.WriteStartObject();
        json.WriteNumber("afterHours"u8, JsonValues.ToHours(taken.step.After));
        if (taken.step.Command is { } command)
        {
            json.WriteString("command"u8, command.Kind.ToWire());
        }

        if (taken.isFull)
        {
            json.WriteString("refused"u8, ProblemCatalog.CommandQueueFull.Code);
        }

        json.WriteEndObject();
    });
}
