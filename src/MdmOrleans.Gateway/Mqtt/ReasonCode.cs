using System.Diagnostics;

namespace MdmOrleans.Gateway.Mqtt;

/// <summary>The reason codes of MQTT 5 that this endpoint sends or understands.</summary>
internal enum ReasonCode : byte
{
    Success = 0x00,
    GrantedQoS1 = 0x01,
    DisconnectWithWill = 0x04,
    NoSubscriptionExisted = 0x11,
    UnspecifiedError = 0x80,
    MalformedPacket = 0x81,
    ProtocolError = 0x82,
    ImplementationSpecificError = 0x83,
    UnsupportedProtocolVersion = 0x84,
    ClientIdentifierNotValid = 0x85,
    BadUserNameOrPassword = 0x86,
    NotAuthorized = 0x87,
    ServerUnavailable = 0x88,
    ServerBusy = 0x89,
    Banned = 0x8A,
    ServerShuttingDown = 0x8B,
    BadAuthenticationMethod = 0x8C,
    KeepAliveTimeout = 0x8D,
    SessionTakenOver = 0x8E,
    TopicNameInvalid = 0x90,
    ReceiveMaximumExceeded = 0x93,
    TopicAliasInvalid = 0x94,
    PacketTooLarge = 0x95,
    MessageRateTooHigh = 0x96,
    QuotaExceeded = 0x97,
    AdministrativeAction = 0x98,
    PayloadFormatInvalid = 0x99,
    RetainNotSupported = 0x9A,
    QoSNotSupported = 0x9B,
    UseAnotherServer = 0x9C,
    SharedSubscriptionsNotSupported = 0x9E,
    ConnectionRateExceeded = 0x9F,
    SubscriptionIdentifiersNotSupported = 0xA1,
}

internal static class ReasonCodes
{
    /// <summary>The CONNACK return code of MQTT 3.1.1, or null where it has none and the connection is just closed.</summary>
    public static byte? ToConnectReturnCode(this ReasonCode code) => code switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.UseAnotherServer or ReasonCode.ConnectionRateExceeded => 3,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.Banned => 5,
        _ => null,
    };

    /// <summary>One word for each, for metrics and logs. Never derived from the C# names, which may change.</summary>
    public static string ToWord(this ReasonCode code) => code switch
    {
        ReasonCode.Success => "success",
        ReasonCode.GrantedQoS1 => "grantedQoS1",
        ReasonCode.DisconnectWithWill => "disconnectWithWill",
        ReasonCode.NoSubscriptionExisted => "noSubscriptionExisted",
        ReasonCode.UnspecifiedError => "unspecifiedError",
        ReasonCode.MalformedPacket => "malformedPacket",
        ReasonCode.ProtocolError => "protocolError",
        ReasonCode.ImplementationSpecificError => "implementationSpecificError",
        ReasonCode.UnsupportedProtocolVersion => "unsupportedProtocolVersion",
        ReasonCode.ClientIdentifierNotValid => "clientIdentifierNotValid",
        ReasonCode.BadUserNameOrPassword => "badUserNameOrPassword",
        ReasonCode.NotAuthorized => "notAuthorized",
        ReasonCode.ServerUnavailable => "serverUnavailable",
        ReasonCode.ServerBusy => "serverBusy",
        ReasonCode.Banned => "banned",
        ReasonCode.ServerShuttingDown => "serverShuttingDown",
        ReasonCode.BadAuthenticationMethod => "badAuthenticationMethod",
        ReasonCode.KeepAliveTimeout => "keepAliveTimeout",
        ReasonCode.SessionTakenOver => "sessionTakenOver",
        ReasonCode.TopicNameInvalid => "topicNameInvalid",
        ReasonCode.ReceiveMaximumExceeded => "receiveMaximumExceeded",
        ReasonCode.TopicAliasInvalid => "topicAliasInvalid",
        ReasonCode.PacketTooLarge => "packetTooLarge",
        ReasonCode.MessageRateTooHigh => "messageRateTooHigh",
        ReasonCode.QuotaExceeded => "quotaExceeded",
        ReasonCode.AdministrativeAction => "administrativeAction",
        ReasonCode.PayloadFormatInvalid => "payloadFormatInvalid",
        ReasonCode.RetainNotSupported => "retainNotSupported",
        ReasonCode.QoSNotSupported => "qosNotSupported",
        ReasonCode.UseAnotherServer => "useAnotherServer",
        ReasonCode.SharedSubscriptionsNotSupported => "sharedSubscriptionsNotSupported",
        ReasonCode.ConnectionRateExceeded => "connectionRateExceeded",
        ReasonCode.SubscriptionIdentifiersNotSupported => "subscriptionIdentifiersNotSupported",
        _ => throw new UnreachableException($"No word for {code}"),
    };
}
