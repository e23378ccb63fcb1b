namespace MdmOrleans.Core.Compliance;

[GenerateSerializer, Alias("mdm.RuleStatus")]
public enum RuleStatus
{
    Compliant,
    NotApplicable,
    Noncompliant,

    /// <summary>The device did not say.</summary>
    Unknown,

    /// <summary>It could not be evaluated.</summary>
    Error,
}

[GenerateSerializer, Alias("mdm.Severity")]
public enum Severity
{
    /// <summary>Starts the grace clock.</summary>
    Required,

    /// <summary>Only reports.</summary>
    Advisory,
}

/// <summary>From best to worst, so that the worst is the greatest; <see cref="Unknown"/> before the first check-in.</summary>
[GenerateSerializer, Alias("mdm.ComplianceStatus")]
public enum ComplianceStatus { Unknown, Compliant, InGracePeriod, Noncompliant, Error }

/// <summary>What one rule, or one group of rules, says of a device.</summary>
[GenerateSerializer, Immutable, Alias("mdm.Finding")]
public sealed record Finding
{
    /// <summary>The id of the rule in the policy.</summary>
    [Id(0)]
    public required string Rule { get; init; }

    [Id(1)]
    public required RuleStatus Status { get; init; }

    [Id(2)]
    public required Severity Severity { get; init; }

    /// <summary>For people, e.g. <c>&gt;= 16.5</c>.</summary>
    [Id(3)]
    public string? Expected { get; init; }

    /// <summary>For people, e.g. <c>16.4</c>; null when the device did not say.</summary>
    [Id(4)]
    public string? Actual { get; init; }

    /// <summary>When <see cref="Actual"/> was last reported; null when it never was.</summary>
    [Id(5)]
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>The instant the failing fact became known; kept while the rule keeps failing. Null unless it fails.</summary>
    [Id(6)]
    public DateTimeOffset? Since { get; init; }

    /// <summary>From the policy, with <c>{{expected}}</c> and <c>{{actual}}</c> filled in.</summary>
    [Id(7)]
    public string? Remediation { get; init; }

    /// <summary>Noncompliant, unknown or error: a required rule in this state keeps the grace clock running.</summary>
    public bool Fails => Status >= RuleStatus.Noncompliant;
}
