using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Compliance;

/// <summary>The words of policies as JSON has them.</summary>
internal static class PolicyWords
{
    public static Words<Platform> Platforms { get; } = new([.. Enum.GetValues<Platform>().Select(p => (p.ToWire(), p))]);

    public static Words<Severity> Severities { get; } = new([.. Enum.GetValues<Severity>().Select(s => (s.ToWire(), s))]);

    public static Words<LadderAction> Actions { get; } = new(
        ("notify", LadderAction.Notify),
        ("lock", LadderAction.Lock),
        ("quarantine", LadderAction.Quarantine),
        ("block", LadderAction.Block),
        ("nominateRetire", LadderAction.NominateRetire),
        ("command", LadderAction.Command));

    public static Words<RetirementAction> Retirements { get; } = new(
        ("retire", RetirementAction.Retire),
        ("wipe", RetirementAction.Wipe),
        ("none", RetirementAction.None));

    public static Words<DayOfWeek> Days { get; } = new(
        ("monday", DayOfWeek.Monday),
        ("tuesday", DayOfWeek.Tuesday),
        ("wednesday", DayOfWeek.Wednesday),
        ("thursday", DayOfWeek.Thursday),
        ("friday", DayOfWeek.Friday),
        ("saturday", DayOfWeek.Saturday),
        ("sunday", DayOfWeek.Sunday));

    /// <summary>What a ladder may queue: every kind but <c>wipe</c> and <c>retire</c>.</summary>
    public static Words<CommandKind> LadderCommands { get; } = new(
        [.. Enum.GetValues<CommandKind>().Except([CommandKind.Wipe, CommandKind.Retire]).Select(k => (k.ToWire(), k))]);
}
