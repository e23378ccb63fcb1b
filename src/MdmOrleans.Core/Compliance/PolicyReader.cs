using System.Text.Json;
using System.Text.Unicode;
using MdmOrleans.Core.Compliance.Reading;
using MdmOrleans.Core.Compliance.Rules;

namespace MdmOrleans.Core.Compliance;

/// <summary>Makes policies of JSON. Whatever it refuses it refuses with every place that is wrong.</summary>
public static class PolicyReader
{
    public const int MaximumBytes = 256 * 1024;

    private const int DefaultPatterns = 20;
    private const int MaximumNameLength = 200;
    private const int MaximumGraceHours = 8760;
    private const int MinimumCheckInSeconds = 30;
    private const int MaximumCheckInSeconds = 604_800;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    /// <summary>Reads what somebody sent.</summary>
    /// <param name="version">The version that it gets if it is stored.</param>
    /// <param name="storedAt">The instant of that.</param>
    /// <param name="maximumPatterns">How many regular expressions it may have.</param>
    public static Outcome<Policy> Read(
        ReadOnlyMemory<byte> json, PolicyVersion version, DateTimeOffset storedAt, int maximumPatterns = DefaultPatterns) =>
        Read(json, version, storedAt, maximumPatterns, isStored: false);

    /// <summary>Reads what <see cref="PolicyWriter"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It did not write this.</exception>
    public static Policy ReadStored(Utf8Block json, PolicyVersion version, DateTimeOffset storedAt)
    {
        var outcome = Read(json.Memory, version, storedAt, int.MaxValue, isStored: true);
        return outcome.Value ?? throw new InvalidDataException($"Version {version.Version} of policy {version.Id} is stored in a form that cannot be read.");
    }

    private static Outcome<Policy> Read(ReadOnlyMemory<byte> json, PolicyVersion version, DateTimeOffset storedAt, int maximumPatterns, bool isStored)
    {
        if (json.Length > MaximumBytes)
        {
            return PolicyProblems.TooLarge;
        }

        if (FindFlaw(json.Span) is { } flaw)
        {
            return PolicyProblems.Invalid([new ProblemError("", flaw)]);
        }

        using var document = JsonDocument.Parse(json, Strict);
        var reading = new PolicyReading { IsStored = isStored, MaximumPatterns = maximumPatterns };
        var policy = JsonScope.Open(new JsonPlace(document.RootElement, JsonPath.Root), reading) is { } scope ? ReadMembers(scope, version, storedAt) : null;
        if (reading.Failed || policy is null)
        {
            return reading.ToProblem();
        }

        return reading.Patterns > maximumPatterns ? ProblemCatalog.QuotaExceeded("regular expressions in a policy", maximumPatterns) : policy;
    }

    private static Policy ReadMembers(JsonScope scope, PolicyVersion version, DateTimeOffset storedAt)
    {
        var name = scope.TakeText("name", MaximumNameLength, isNeeded: true);
        var platforms = scope.TakePlatformList();
        var rules = RuleTree.ReadList(scope, "rules", groups: 0);
        var policy = new Policy
        {
            Version = version,
            StoredAt = storedAt,
            Name = name ?? "",
            Platforms = platforms,
            Rules = rules,
            AttributePaths = RuleTree.AttributePaths(rules),
            Grace = scope.TakeHours("graceHours", MaximumGraceHours, mayBeZero: true) ?? Policy.DefaultGrace,
            OnNoncompliance = LadderReader.Read(scope),
            OnRetire = scope.TakeWord("onRetire", PolicyWords.Retirements) ?? RetirementAction.Retire,
            PatchWindow = PatchWindowReader.Read(scope),
            CheckInInterval = scope.TakeWhole("checkInSeconds", MinimumCheckInSeconds, MaximumCheckInSeconds) is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : Policy.DefaultCheckInInterval,
        };
        scope.Close();
        return policy;
    }

    /// <summary>Why this is not JSON in UTF-8 whose every text is a text; null when it is. After this nothing below can throw.</summary>
    private static string? FindFlaw(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return "is not UTF-8";
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Strict.MaxDepth });
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                {
                    reader.GetString(); // half of a surrogate pair may be escaped, and is no character
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"is not JSON: {e.Message}";
        }
        catch (InvalidOperationException)
        {
            return "contains half of a surrogate pair";
        }
    }
}
