using System.Collections.Immutable;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Attributes;
using MdmOrleans.Core.Compliance.Rules;

namespace MdmOrleans.Core.Compliance;

/// <summary>One version of a policy, ready to judge: whatever can be prepared once is prepared.</summary>
/// <remarks>Immutable, safe for any number of threads. Made by <see cref="PolicyReader"/>; between grains it travels as its JSON.</remarks>
public sealed record Policy
{
    public static TimeSpan DefaultGrace { get; } = TimeSpan.FromHours(48);

    public static TimeSpan DefaultCheckInInterval { get; } = TimeSpan.FromSeconds(900);

    public required PolicyVersion Version { get; init; }

    /// <summary>When this version was stored: a rule that it brings cannot have failed before.</summary>
    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>For people; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>In the order of the enumeration; null: all.</summary>
    public ImmutableArray<Platform>? Platforms { get; init; }

    /// <summary>In the order in which they were written, which is that of the findings.</summary>
    public required ImmutableArray<Rule> Rules { get; init; }

    /// <summary>From the start of an episode to the quarantine; 0: at once.</summary>
    public TimeSpan Grace { get; init; } = DefaultGrace;

    /// <summary>In the order in which they were written, which need not be that of their instants.</summary>
    public ImmutableArray<LadderStep> OnNoncompliance { get; init; } = [];

    public RetirementAction OnRetire { get; init; }

    public PatchWindow? PatchWindow { get; init; }

    /// <summary>How long a device may wait until it speaks again; 30 seconds to 7 days.</summary>
    public TimeSpan CheckInInterval { get; init; } = DefaultCheckInInterval;

    /// <summary>The attributes that a rule reads, each once: a change of any other is no event.</summary>
    public required ImmutableArray<PosturePath> AttributePaths { get; init; }

    /// <summary>Whether this policy may be assigned to a device of <paramref name="platform"/>.</summary>
    public bool AppliesTo(Platform platform) => Platforms is not { } platforms || platforms.Contains(platform);
}
