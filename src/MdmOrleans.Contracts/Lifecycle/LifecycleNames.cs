namespace MdmOrleans.Contracts.Lifecycle;

/// <summary>How the lifecycle of a device is spelled on the wire; capitalized, unlike every other name.</summary>
public static class LifecycleNames
{
    public const string Provisioned = "Provisioned";
    public const string Active = "Active";
    public const string Quarantined = "Quarantined";
    public const string Retired = "Retired";
}
