namespace MdmOrleans.Grains;

/// <summary>Names under which the host registers grain storage.</summary>
public static class GrainStorageNames
{
    /// <summary>For the few grains that change slowly; twins have a store of their own.</summary>
    public const string Default = "mdm";
}
