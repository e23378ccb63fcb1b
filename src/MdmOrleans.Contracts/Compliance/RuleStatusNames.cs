namespace MdmOrleans.Contracts.Compliance;

/// <summary>How the status of one rule is spelled on the wire.</summary>
public static class RuleStatusNames
{
    public const string Compliant = "compliant";
    public const string Noncompliant = "noncompliant";
    public const string Unknown = "unknown";
    public const string Error = "error";
    public const string NotApplicable = "notApplicable";
}

/// <summary>How the severity of a rule is spelled on the wire.</summary>
public static class SeverityNames
{
    public const string Required = "required";
    public const string Advisory = "advisory";
}
