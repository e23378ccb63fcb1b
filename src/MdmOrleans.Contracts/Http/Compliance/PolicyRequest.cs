using System.ComponentModel.DataAnnotations;
using MdmOrleans.Contracts.CheckIns;
using MdmOrleans.Contracts.Http.Commands;

namespace MdmOrleans.Contracts.Http.Compliance;

/// <summary>A policy: what a device has to be like, and what happens when it is not. Unknown members are refused.</summary>
public record PolicyRequest
{
    /// <summary>For people; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The policy is assigned only to devices of these platforms. Absent: to all.</summary>
    public IReadOnlyList<string>? Platforms { get; init; }

    /// <summary>At most 200 in all, groups nested at most 8 deep, every id once.</summary>
    public required IReadOnlyList<PolicyRule> Rules { get; init; }

    /// <summary>How long a device may fail before it is quarantined; 0 to 8,760, fractions allowed. Absent: 48.</summary>
    public double? GraceHours { get; init; }

    /// <summary>What else happens, counted from the start of the episode; each step once per episode.</summary>
    public IReadOnlyList<LadderStep>? OnNoncompliance { get; init; }

    /// <summary>What retiring a device queues. Absent: <c>retire</c>.</summary>
    [AllowedValues("retire", "wipe", "none")]
    public string? OnRetire { get; init; }

    public PatchWindow? PatchWindow { get; init; }

    /// <summary>How often a device is asked to check in; 30 to 604,800.</summary>
    public int? CheckInSeconds { get; init; }
}

/// <summary>A stored policy, with its version.</summary>
public sealed record PolicyBody : PolicyRequest
{
    /// <summary>Its name within the tenant, as in its route.</summary>
    public required string Id { get; init; }

    /// <summary>1, 2, 3 …; the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was stored.</summary>
    public required DateTimeOffset StoredAt { get; init; }
}

/// <summary>One rule, or with <c>all</c> or <c>any</c> a group of rules. Which members a rule takes depends on its kind.</summary>
public sealed record PolicyRule
{
    /// <summary>Unique within the policy; spelled like the name of a device.</summary>
    public required string Id { get; init; }

    /// <summary>Needed unless this is a group.</summary>
    [AllowedValues("osVersion", "encryption", "keyProtection", "jailbreak", "passcode", "patchLevel", "apps", "checkIn", "attribute")]
    public string? Kind { get; init; }

    /// <summary><c>required</c> starts the grace clock, <c>advisory</c> only reports. Absent: <c>required</c>.</summary>
    [AllowedValues("required", "advisory")]
    public string? Severity { get; init; }

    /// <summary>On any other platform the rule is <c>notApplicable</c>. Absent: it applies to all.</summary>
    public IReadOnlyList<string>? Platforms { get; init; }

    /// <summary>What the user can do about it; <c>{{expected}}</c> and <c>{{actual}}</c> are filled in.</summary>
    public string? Remediation { get; init; }

    /// <summary><c>osVersion</c>: the least version, by platform.</summary>
    public IReadOnlyDictionary<string, string>? Minimum { get; init; }

    /// <summary><c>osVersion</c>: the greatest version, by platform.</summary>
    public IReadOnlyDictionary<string, string>? Maximum { get; init; }

    /// <summary><c>osVersion</c>: an object of arrays of versions, by platform. <c>apps</c>: an array of app ids.</summary>
    public RawJson Blocked { get; init; }

    /// <summary><c>apps</c>: must be present.</summary>
    public IReadOnlyList<RequiredApp>? Required { get; init; }

    /// <summary><c>apps</c>: nothing else may be present.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary><c>patchLevel</c>: turns at 00:00 UTC.</summary>
    public int? MaximumAgeDays { get; init; }

    /// <summary><c>checkIn</c>: more than 0, up to 2,880, fractions allowed.</summary>
    public double? MaximumHours { get; init; }

    /// <summary><c>attribute</c>: a JSON Pointer into the posture.</summary>
    public string? Path { get; init; }

    /// <summary><c>attribute</c>: how the value is compared.</summary>
    [AllowedValues("equals", "notEquals", "lessThan", "atMost", "greaterThan", "atLeast", "in", "contains", "matches", "exists")]
    public string? Operator { get; init; }

    /// <summary><c>attribute</c>: what it is compared with; versions compare as versions.</summary>
    public RawJson Value { get; init; }

    /// <summary>A group: every one must pass.</summary>
    public IReadOnlyList<PolicyRule>? All { get; init; }

    /// <summary>A group: one must pass.</summary>
    public IReadOnlyList<PolicyRule>? Any { get; init; }
}

/// <param name="Id">E.g. <c>com.microsoft.teams</c>.</param>
/// <param name="MinimumVersion">Absent: any version.</param>
public sealed record RequiredApp(string Id, string? MinimumVersion = null);

/// <summary>One step of what happens to a device that stays noncompliant.</summary>
public sealed record LadderStep
{
    /// <summary>Counted from the start of the episode; 0 to 8,760, fractions allowed.</summary>
    public required double AfterHours { get; init; }

    [AllowedValues("notify", "lock", "quarantine", "block", "nominateRetire", "command")]
    public required string Action { get; init; }

    /// <summary>For <c>command</c>: what to queue. <c>wipe</c> and <c>retire</c> are refused.</summary>
    public LadderCommand? Command { get; init; }
}

/// <param name="Kind">As in <see cref="QueueCommandRequest"/>.</param>
/// <param name="Parameters">An object, passed on untouched.</param>
public sealed record LadderCommand(string Kind, RawJson Parameters = default);

/// <summary>When devices may be patched.</summary>
/// <param name="Day">A day of the week in English, lower case.</param>
/// <param name="Start"><c>hh:mm</c>.</param>
/// <param name="Hours">Length.</param>
/// <param name="TimeZone">An IANA name, or <c>device</c>: that of <see cref="CheckInMessage.TimeZone"/>.</param>
public sealed record PatchWindow(string Day, string Start, double Hours, string TimeZone);
