using System.Collections.Immutable;
using MdmOrleans.Core.Access;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance;
using MdmOrleans.Core.Identity;
using MdmOrleans.Core.Lifecycle;

namespace MdmOrleans.Core.History;

/// <summary>What the history says of a device at one instant: everything that is an event, and nothing else.</summary>
/// <remarks>
/// Not kept: the apps (only their digest), attributes that no rule read, when it was last seen, what was pending, its version and its
/// next deadline. A finding says what it said at the last change of the verdict.
/// </remarks>
public sealed record PastTwin
{
    private const char Separator = ' ';

    public required DeviceId Id { get; init; }

    /// <summary>The last event that had taken effect; 0: none.</summary>
    public long Number { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public int Epoch { get; init; } = 1;

    public LifecycleState Lifecycle { get; init; }

    public QuarantineReasons QuarantineReasons { get; init; }

    public ComplianceStatus Compliance { get; init; }

    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>By which it was judged.</summary>
    public PolicyVersion? Policy { get; init; }

    /// <summary>When <see cref="Policy"/> came to judge it, or its verdict changed under it.</summary>
    public DateTimeOffset? JudgedAt { get; init; }

    public DateTimeOffset? NoncompliantSince { get; init; }

    public DateTimeOffset? GraceEndsAt { get; init; }

    public AccessState? Access { get; init; }

    public string? AssignedPolicy { get; init; }

    public DateTimeOffset? PolicyAssignedAt { get; init; }

    public Platform? ExpectedPlatform { get; init; }

    public string? ExpectedSerial { get; init; }

    /// <summary>The typed members, and the attributes that the policy of that time read. Never apps.</summary>
    public Posture? Posture { get; init; }

    public DateTimeOffset? PostureReportedAt { get; init; }

    /// <summary>SHA-256 of the apps as they were sent, in lower-case hexadecimal.</summary>
    public string? AppsDigest { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Of <paramref name="events"/>, in the order of their numbers, those that had taken effect at <paramref name="at"/>.</summary>
    public PastTwin Apply(IEnumerable<DeviceEvent> events, DateTimeOffset at)
    {
        var twin = this;
        foreach (var entry in events)
        {
            // Not when it was recorded: what was acted on late took effect at its own instant.
            twin = entry.At <= at ? twin.Apply(entry) : twin;
        }

        return twin;
    }

    private PastTwin Apply(DeviceEvent entry)
    {
        var next = this with { Number = entry.Number, Epoch = entry.Epoch };
        return entry.Kind switch
        {
            EventKinds.DeviceCreated => next.Create(entry),
            EventKinds.LifecycleChanged => next with
            {
                Lifecycle = WireNames.ToLifecycleState(entry.To) ?? Lifecycle,
                QuarantineReasons = ReadReasons(PastDetails.Text(entry.Detail, "quarantineReasons")),
            },
            EventKinds.QuarantineReasonsChanged => next with { QuarantineReasons = ReadReasons(entry.To) },
            EventKinds.ComplianceChanged => next.Judge(entry),
            EventKinds.AccessChanged => next with
            {
                Access = new AccessState(WireNames.ToAccessLevel(entry.To) ?? AccessLevel.Block, entry.Reason ?? string.Empty, entry.At),
            },
            EventKinds.PostureChanged => next with
            {
                Posture = PastPosture.Read(entry.Detail),
                PostureReportedAt = entry.At,
                AppsDigest = PastDetails.Text(entry.Detail, "appsDigest"),
            },
            EventKinds.LabelsChanged => next with { Labels = PastDetails.Labels(entry.Detail, null) },
            EventKinds.PolicyAssigned => next with { AssignedPolicy = entry.To, PolicyAssignedAt = entry.At },
            _ => next,
        };
    }

    private PastTwin Create(DeviceEvent entry)
    {
        var policy = PastDetails.Text(entry.Detail, "policy");
        return this with
        {
            CreatedAt = entry.At,
            ExpectedPlatform = WireNames.ToPlatform(PastDetails.Text(entry.Detail, "platform")),
            ExpectedSerial = PastDetails.Text(entry.Detail, "serial"),
            AssignedPolicy = policy,
            PolicyAssignedAt = policy is null ? null : entry.At,
            Labels = PastDetails.Labels(entry.Detail, "labels"),
        };
    }

    private PastTwin Judge(DeviceEvent entry) => this with
    {
        Compliance = WireNames.ToComplianceStatus(entry.To) ?? Compliance,
        Findings = PastDetails.Findings(entry.Detail),
        Policy = entry.Policy,
        JudgedAt = entry.At,
        NoncompliantSince = PastDetails.Instant(entry.Detail, "noncompliantSince"),
        GraceEndsAt = PastDetails.Instant(entry.Detail, "graceEndsAt"),
    };

    private static QuarantineReasons ReadReasons(string? words)
    {
        var reasons = QuarantineReasons.None;
        foreach (var reason in Enum.GetValues<QuarantineReasons>())
        {
            if (reason != QuarantineReasons.None && words?.Split(Separator).Contains(reason.ToWire().Single()) is true)
            {
                reasons |= reason;
            }
        }

        return reasons;
    }
}
