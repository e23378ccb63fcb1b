namespace MdmOrleans.Core.Compliance;

/// <summary>Which policy judged.</summary>
/// <param name="Id">The policy's name within the tenant.</param>
/// <param name="Version">1, 2, 3 …</param>
[GenerateSerializer, Immutable, Alias("mdm.PolicyVersion")]
public sealed record PolicyVersion([property: Id(0)] string Id, [property: Id(1)] int Version);
