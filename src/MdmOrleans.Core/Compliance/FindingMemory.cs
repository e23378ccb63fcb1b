using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance;

/// <summary>The findings of the last evaluation, looked up while the next ones are made.</summary>
internal struct FindingMemory(ImmutableArray<Finding> before)
{
    private readonly ImmutableArray<Finding> _before = before.IsDefault ? [] : before;

    // Both lists are in the order of the policy, so the next one asked for is nearly always the next one here.
    private int _next;

    /// <summary>Since when <paramref name="rule"/> has been failing; null when it did not.</summary>
    public DateTimeOffset? SinceOf(string rule)
    {
        for (var i = 0; i < _before.Length; i++)
        {
            var place = (_next + i) % _before.Length;
            if (_before[place].Rule == rule)
            {
                _next = place + 1;
                return _before[place].Fails ? _before[place].Since : null;
            }
        }

        return null;
    }

    /// <summary>The finding of before where it is equal, so that a twin does not hold its text twice over time.</summary>
    public readonly Finding Recall(Finding finding)
    {
        var place = _next - 1;
        return place >= 0 && _before[place] == finding ? _before[place] : finding;
    }

    /// <summary>The array of before when nothing in it changed.</summary>
    public readonly ImmutableArray<Finding> Keep(ImmutableArray<Finding>.Builder? findings)
    {
        if ((findings?.Count ?? 0) != _before.Length)
        {
            return findings?.DrainToImmutable() ?? [];
        }

        for (var i = 0; i < _before.Length; i++)
        {
            if (!ReferenceEquals(findings![i], _before[i])) // not null: the counts are equal and not 0
            {
                return findings.DrainToImmutable();
            }
        }

        return _before;
    }
}
