using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Commands;

namespace MdmOrleans.Core.Compliance;

/// <summary>The words of policies and postures as JSON has them.</summary>
internal static class PolicyWords
{
    public static Words<Platform> Platforms { get; } = new(
        ("android", Platform.Android),
        ("ios", Platform.Ios),
        ("ipados", Platform.Ipados),
        ("macos", Platform.Macos),
        ("windows", Platform.Windows),
        ("linux", Platform.Linux),
        ("other", Platform.Other));

    public static Words<EncryptionStatus> EncryptionStatuses { get; } = new(
        ("encrypted", EncryptionStatus.Encrypted),
        ("unencrypted", EncryptionStatus.Unencrypted),
        ("encrypting", EncryptionStatus.Encrypting),
        ("unknown", EncryptionStatus.Unknown));

    public static Words<RuleStatus> Statuses { get; } = new(
        ("compliant", RuleStatus.Compliant),
        ("notApplicable", RuleStatus.NotApplicable),
        ("noncompliant", RuleStatus.Noncompliant),
        ("unknown", RuleStatus.Unknown),
        ("error", RuleStatus.Error));

    public static Words<Severity> Severities { get; } = new(
        ("required", Severity.Required),
        ("advisory", Severity.Advisory));

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
        ("lock", CommandKind.Lock),
        ("restart", CommandKind.Restart),
        ("rename", CommandKind.Rename),
        ("locate", CommandKind.Locate),
        ("lostModeOn", CommandKind.LostModeOn),
        ("lostModeOff", CommandKind.LostModeOff),
        ("clearPasscode", CommandKind.ClearPasscode),
        ("installApp", CommandKind.InstallApp),
        ("removeApp", CommandKind.RemoveApp),
        ("applyConfiguration", CommandKind.ApplyConfiguration),
        ("rotateCertificate", CommandKind.RotateCertificate),
        ("collectInventory", CommandKind.CollectInventory),
        ("checkInNow", CommandKind.CheckInNow),
        ("updateOs", CommandKind.UpdateOs),
        ("message", CommandKind.Message),
        ("custom", CommandKind.Custom));
}
