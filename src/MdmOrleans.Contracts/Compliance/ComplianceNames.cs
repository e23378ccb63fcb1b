namespace MdmOrleans.Contracts.Compliance;

/// <summary>How the compliance of a device is spelled on the wire.</summary>
public static class ComplianceNames
{
    public const string Unknown = "unknown";
    public const string Compliant = "compliant";
    public const string InGracePeriod = "inGracePeriod";
    public const string Noncompliant = "noncompliant";
    public const string Error = "error";
}
