using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance.Reading;

/// <summary>What is remembered while one policy is read: what is wrong with it, and what may occur only so often.</summary>
internal sealed class PolicyReading
{
    /// <summary>Nobody reads more, and a hostile input could hold a hundred thousand.</summary>
    private const int MaximumErrors = 200;

    private readonly ImmutableArray<ProblemError>.Builder _errors = ImmutableArray.CreateBuilder<ProblemError>();

    /// <summary>Once true the policy is refused; what is read after that is read for its errors only.</summary>
    public bool Failed => _errors.Count > 0;

    /// <summary>True for what was accepted before: what depends on the machine, or costs much, is not asked again.</summary>
    public required bool IsStored { get; init; }

    public HashSet<string> RuleIds { get; } = new(StringComparer.Ordinal);

    public int Rules { get; set; }

    /// <summary>What comes on top is counted and not compiled: compiling is what costs.</summary>
    public required int MaximumPatterns { get; init; }

    public int Patterns { get; set; }

    public void Refuse(JsonPath path, string detail)
    {
        if (_errors.Count < MaximumErrors)
        {
            _errors.Add(new ProblemError(path.ToString(), detail));
        }
    }

    public Problem ToProblem() => PolicyProblems.Invalid(_errors.ToImmutable());
}
