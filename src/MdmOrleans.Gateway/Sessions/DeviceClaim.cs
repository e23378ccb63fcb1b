using MdmOrleans.Core.Identity;
using MdmOrleans.Gateway.Mqtt;

namespace MdmOrleans.Gateway.Sessions;

/// <summary>Who a CONNECT says it is, and the proof that it offers. A client certificate will be another kind of proof.</summary>
internal readonly record struct DeviceClaim(DeviceId Device, SecretHash Token)
{
    /// <summary>Success, or why nobody need be asked.</summary>
    /// <param name="tokensAllowed">Whether this listener takes device tokens at all.</param>
    public static ReasonCode Read(ConnectPacket connect, bool tokensAllowed, out DeviceClaim claim)
    {
        claim = default;
        if (connect.AsksForAuthenticationMethod)
        {
            return ReasonCode.BadAuthenticationMethod;
        }

        var name = connect.UserName ?? connect.ClientId;
        var clientIdAssigned = connect.Version == MqttVersion.V5 && connect.ClientId.Length == 0;
        if (connect.ClientId != name && !clientIdAssigned)
        {
            return ReasonCode.ClientIdentifierNotValid;
        }

        if (connect.Password is not { Length: > 0 } password || !DeviceId.TryParseClientId(name, out var device))
        {
            return ReasonCode.BadUserNameOrPassword;
        }

        claim = new DeviceClaim(device, SecretHash.Of(password));
        return tokensAllowed ? ReasonCode.Success : ReasonCode.NotAuthorized;
    }
}
