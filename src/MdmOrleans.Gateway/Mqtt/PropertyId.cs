namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Identifiers of the properties of MQTT 5.</summary>
internal enum PropertyId : byte
{
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQoS = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

internal static class PropertyNames
{
    /// <summary>As the standard writes it; null where it has no such property.</summary>
    public static string? ToText(this PropertyId id) => id switch
    {
        PropertyId.PayloadFormatIndicator => "Payload Format Indicator",
        PropertyId.MessageExpiryInterval => "Message Expiry Interval",
        PropertyId.ContentType => "Content Type",
        PropertyId.ResponseTopic => "Response Topic",
        PropertyId.CorrelationData => "Correlation Data",
        PropertyId.SubscriptionIdentifier => "Subscription Identifier",
        PropertyId.SessionExpiryInterval => "Session Expiry Interval",
        PropertyId.AssignedClientIdentifier => "Assigned Client Identifier",
        PropertyId.ServerKeepAlive => "Server Keep Alive",
        PropertyId.AuthenticationMethod => "Authentication Method",
        PropertyId.AuthenticationData => "Authentication Data",
        PropertyId.RequestProblemInformation => "Request Problem Information",
        PropertyId.WillDelayInterval => "Will Delay Interval",
        PropertyId.RequestResponseInformation => "Request Response Information",
        PropertyId.ResponseInformation => "Response Information",
        PropertyId.ServerReference => "Server Reference",
        PropertyId.ReasonString => "Reason String",
        PropertyId.ReceiveMaximum => "Receive Maximum",
        PropertyId.TopicAliasMaximum => "Topic Alias Maximum",
        PropertyId.TopicAlias => "Topic Alias",
        PropertyId.MaximumQoS => "Maximum QoS",
        PropertyId.RetainAvailable => "Retain Available",
        PropertyId.UserProperty => "User Property",
        PropertyId.MaximumPacketSize => "Maximum Packet Size",
        PropertyId.WildcardSubscriptionAvailable => "Wildcard Subscription Available",
        PropertyId.SubscriptionIdentifierAvailable => "Subscription Identifier Available",
        PropertyId.SharedSubscriptionAvailable => "Shared Subscription Available",
        _ => null,
    };
}
