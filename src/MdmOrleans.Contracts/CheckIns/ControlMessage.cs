namespace MdmOrleans.Contracts.CheckIns;

/// <summary>Payload of <c>dn/control</c>: a hint that nothing depends on.</summary>
/// <param name="Action">One of <see cref="ControlActionNames"/>; one that the agent does not know is ignored.</param>
public sealed record ControlMessage(string Action);

/// <summary>How the actions of a control message are spelled on the wire.</summary>
public static class ControlActionNames
{
    public const string CheckIn = "checkIn";
    public const string RenewCertificate = "renewCertificate";
    public const string Reconnect = "reconnect";
}
