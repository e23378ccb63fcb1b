using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>Who a CONNECT says it is, and the proof that it offers. A client certificate will be another kind of proof.</summary>
internal readonly record struct DeviceClaim(DeviceId Device, SecretHash Token)
{
    private static readonly Refusal NoExtendedAuthentication =
        new(ReasonCode.BadAuthenticationMethod, "Extended authentication is not supported: the password is the token of the device.");

    private static readonly Refusal NamesDiffer =
        new(ReasonCode.ClientIdentifierNotValid, "The client id differs from the user name.");

    private static readonly Refusal NoName =
        new(ReasonCode.BadUserNameOrPassword, "The client id and the user name must be {tenant}:{device}.");

    private static readonly Refusal NoPassword =
        new(ReasonCode.BadUserNameOrPassword, "CONNECT has no password: the password is the token of the device.");

    private static readonly Refusal NoTokens =
        new(ReasonCode.NotAuthorized, "Device tokens are not accepted on this connection.");

    /// <summary>Null, or why nobody need be asked.</summary>
    /// <param name="takesTokens">Whether this connection takes device tokens at all.</param>
    public static Refusal? Read(ConnectPacket connect, bool takesTokens, out DeviceClaim claim)
    {
        claim = default;
        if (connect.AsksForAuthenticationMethod)
        {
            return NoExtendedAuthentication;
        }

        var name = connect.UserName ?? connect.ClientId;
        var clientIdAssigned = connect.Version == MqttVersion.V5 && connect.ClientId.Length == 0;
        if (connect.ClientId != name && !clientIdAssigned)
        {
            return NamesDiffer;
        }

        if (!DeviceId.TryParseClientId(name, out var device))
        {
            return NoName;
        }

        if (connect.Password is not { Length: > 0 } password)
        {
            return NoPassword;
        }

        claim = new DeviceClaim(device, SecretHash.Of(password));
        return takesTokens ? null : NoTokens;
    }
}
