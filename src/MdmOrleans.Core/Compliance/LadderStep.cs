using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Compliance;

/// <summary>What a step of the ladder does. There is no wiping and no retiring: compliance never does either.</summary>
public enum LadderAction
{
    Notify,
    Lock,
    Quarantine,
    Block,

    /// <summary>Only puts the device on a list for a human.</summary>
    NominateRetire,
    Command,
}

/// <summary>One step of a policy's ladder; taken once per episode.</summary>
/// <param name="After">From the start of the episode; 0 to 8760 hours.</param>
/// <param name="Command">Set for <see cref="LadderAction.Command"/>, and null for the others.</param>
public sealed record LadderStep(TimeSpan After, LadderAction Action, LadderCommand? Command);

/// <summary>What a step of the ladder queues; never a wipe or a retirement.</summary>
/// <param name="Parameters">A JSON object of at most 16 KiB.</param>
public sealed record LadderCommand(CommandKind Kind, Utf8Block Parameters);
