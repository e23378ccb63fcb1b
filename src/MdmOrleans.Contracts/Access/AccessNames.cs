namespace MdmOrleans.Contracts.Access;

/// <summary>How access decisions are spelled on the wire.</summary>
public static class AccessNames
{
    public const string Allow = "allow";
    public const string Quarantine = "quarantine";
    public const string Block = "block";
}
