using System.Globalization;
using System.IO.Hashing;
using MdmOrleans.Core.Commands;
using MdmOrleans.Core.Compliance.Reading;

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
public sealed record LadderStep(TimeSpan After, LadderAction Action, LadderCommand? Command)
{
    /// <summary>
    /// What the step is, whatever stands before it in whichever version: a policy may be edited while an episode lasts, and a step
    /// that only changed its place must not be taken again. One that asks for something else, or at another time, is another step.
    /// </summary>
    public string Key { get; } = KeyOf(After, Action, Command);

    private static string KeyOf(TimeSpan after, LadderAction action, LadderCommand? command)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{JsonValues.ToHours(after):0.############} {PolicyWords.Actions[action]}");
        return command is null
            ? key
            : string.Create(CultureInfo.InvariantCulture, $"{key} {command.Kind.ToWire()} {XxHash64.HashToUInt64(command.Parameters.Span):x16}");
    }
}

/// <summary>What a step of the ladder queues; never a wipe or a retirement.</summary>
/// <param name="Parameters">A JSON object of at most 16 KiB.</param>
public sealed record LadderCommand(CommandKind Kind, Utf8Block Parameters);

/// <summary>A step that is taken at <paramref name="At"/>, if the episode lasts as long.</summary>
public sealed record ComingLadderStep(DateTimeOffset At, LadderStep Step);
