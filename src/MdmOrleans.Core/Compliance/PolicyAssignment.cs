using System.Collections.Immutable;

namespace MdmOrleans.Core.Compliance;

/// <summary>By what a device is judged right now.</summary>
/// <param name="Policy">Null when none is assigned, or when its platforms lack the device's.</param>
/// <param name="EffectiveAt">The later of the assignment and of the storing of the version that is assigned, or that does not cover the device any more.</param>
/// <param name="NoncompliantWithoutPolicy">The tenant's choice for devices that no policy covers.</param>
public readonly record struct PolicyAssignment(Policy? Policy, DateTimeOffset EffectiveAt, bool NoncompliantWithoutPolicy)
{
    /// <summary>
    /// What was in force before, from the version that judged the device last up to the one that this replaced, oldest first.
    /// What was overdue then is acted on by what was in force then. Absent where nothing changed, and where it is not known.
    /// </summary>
    public ImmutableArray<PolicyAssignment> Superseded { get; init; }
}
