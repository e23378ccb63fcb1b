namespace MdmOrleans.Contracts.Lifecycle;

/// <summary>How the reasons of a quarantine are spelled on the wire.</summary>
public static class QuarantineReasonNames
{
    public const string Noncompliant = "noncompliant";
    public const string Lost = "lost";
    public const string Stolen = "stolen";
    public const string IdentityRevoked = "identityRevoked";
    public const string Operator = "operator";
    public const string Wiped = "wiped";
}
