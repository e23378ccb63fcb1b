using System.Text.Json;
using MdmOrleans.Core.CheckIns;
using MdmOrleans.Core.Compliance.Reading;

namespace MdmOrleans.Core.Compliance.Rules;

/// <summary><c>osVersion</c>: at least, at most, and none of, by platform.</summary>
internal sealed class OsVersionRule : Rule
{
    public const string KindName = "osVersion";
    private const int MaximumBlocked = 100;
    private readonly SortedDictionary<Platform, VersionLimit> _minimum;
    private readonly SortedDictionary<Platform, VersionLimit> _maximum;
    private readonly SortedDictionary<Platform, VersionLimit[]> _blocked;
    private readonly OsVersionLimits?[] _byPlatform;

    private OsVersionRule(
        RuleHead head,
        SortedDictionary<Platform, VersionLimit> minimum,
        SortedDictionary<Platform, VersionLimit> maximum,
        SortedDictionary<Platform, VersionLimit[]> blocked)
        : base(head)
    {
        (_minimum, _maximum, _blocked) = (minimum, maximum, blocked);
        _byPlatform = new OsVersionLimits?[Enum.GetValues<Platform>().Length];
        foreach (var platform in minimum.Keys.Union(maximum.Keys).Union(blocked.Keys))
        {
            _byPlatform[(int)platform] = new OsVersionLimits(
                minimum.GetValueOrDefault(platform), maximum.GetValueOrDefault(platform), blocked.GetValueOrDefault(platform) ?? []);
        }
    }

    public override string Kind => KindName;

    public static Rule? Read(JsonScope scope, RuleHead head)
    {
        if (!scope.Has("minimum") && !scope.Has("maximum") && !scope.Has("blocked"))
        {
            scope.Refuse("minimum", "is required, or another one of minimum, maximum, blocked");
        }

        var minimum = scope.TakePlatforms("minimum", VersionLimit.Read);
        var maximum = scope.TakePlatforms("maximum", VersionLimit.Read);
        var blocked = scope.TakePlatforms("blocked", ReadBlocked);
        foreach (var (platform, limit) in maximum)
        {
            if (minimum.TryGetValue(platform, out var least) && limit.Version < least.Version)
            {
                scope.Reading.Refuse(scope.PathTo("maximum").Member(platform.ToWire()), "is below the minimum");
            }
        }

        return new OsVersionRule(head, minimum, maximum, blocked);
    }

    private protected override RuleCheck CheckApplicable(in Facts facts, DateTimeOffset now)
    {
        if (facts.Platform is not { } platform)
        {
            return RuleCheck.Unknown(facts.ReportedAt);
        }

        if (_byPlatform[(int)platform] is not { } limits)
        {
            return RuleCheck.NotApplicable;
        }

        if (facts.Posture is not { } posture)
        {
            return RuleCheck.Unknown(facts.ReportedAt);
        }

        return DottedVersion.TryParse(posture.OsVersion, out var version)
            ? RuleCheck.Of(limits.Allow(version), facts.ReportedAt)
            : RuleCheck.Of(RuleStatus.Error, facts.ReportedAt);
    }

    private protected override RuleWords DescribeApplicable(in Facts facts, DateTimeOffset now)
    {
        var limits = facts.Platform is { } platform ? _byPlatform[(int)platform] : null;
        return RuleWords.Of(limits?.Text, facts.Posture?.OsVersion, facts.ReportedAt) with { ExpectedInSentence = limits?.Sentence };
    }

    internal override void WriteMembers(Utf8JsonWriter json)
    {
        json.WritePlatforms("minimum", _minimum, static (json, limit) => json.WriteStringValue(limit.Text));
        json.WritePlatforms("maximum", _maximum, static (json, limit) => json.WriteStringValue(limit.Text));
        json.WritePlatforms("blocked", _blocked, static (json, limits) =>
        {
            json.WriteStartArray();
            foreach (var limit in limits)
            {
                json.WriteStringValue(limit.Text);
            }

            json.WriteEndArray();
        });
    }

    private static VersionLimit[]? ReadBlocked(PolicyReading reading, JsonPlace place)
    {
        if (reading.ReadArray(place, 1, MaximumBlocked) is not { } items)
        {
            return null;
        }

        return [.. items.Select(item => VersionLimit.Read(reading, item)).OfType<VersionLimit>()];
    }
}
