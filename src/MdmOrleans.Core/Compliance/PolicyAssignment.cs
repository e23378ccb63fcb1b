namespace MdmOrleans.Core.Compliance;

/// <summary>By what a device is judged right now.</summary>
/// <param name="Policy">Null when none is assigned, or when its platforms lack the device's.</param>
/// <param name="EffectiveAt">The later of the storing of this version and of its assignment.</param>
/// <param name="NoncompliantWithoutPolicy">The tenant's choice for devices that no policy covers.</param>
public readonly record struct PolicyAssignment(Policy? Policy, DateTimeOffset EffectiveAt, bool NoncompliantWithoutPolicy);
