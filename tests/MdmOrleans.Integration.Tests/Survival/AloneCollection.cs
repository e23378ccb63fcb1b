namespace MdmOrleans.Integration.Tests.Survival;

/// <summary>Tests that load the whole machine, and measure: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
