namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Which properties a packet may carry.</summary>
internal readonly struct PropertySet
{
    private readonly ulong _bits;

    private PropertySet(params ReadOnlySpan<PropertyId> ids)
    {
        foreach (var id in ids)
        {
            _bits |= 1UL << (byte)id;
        }
    }

    public static PropertySet Connect { get; } = new(
        PropertyId.SessionExpiryInterval, PropertyId.ReceiveMaximum, PropertyId.MaximumPacketSize, PropertyId.TopicAliasMaximum,
        PropertyId.RequestResponseInformation, PropertyId.RequestProblemInformation, PropertyId.UserProperty,
        PropertyId.AuthenticationMethod, PropertyId.AuthenticationData);

    public static PropertySet Will { get; } = new(
        PropertyId.WillDelayInterval, PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.ContentType,
        PropertyId.ResponseTopic, PropertyId.CorrelationData, PropertyId.UserProperty);

    /// <summary>With the subscription identifier, which no client may send: a protocol error, not a malformed packet.</summary>
    public static PropertySet Publish { get; } = new(
        PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.TopicAlias, PropertyId.ResponseTopic,
        PropertyId.CorrelationData, PropertyId.UserProperty, PropertyId.SubscriptionIdentifier, PropertyId.ContentType);

    public static PropertySet PubAck { get; } = new(PropertyId.ReasonString, PropertyId.UserProperty);

    public static PropertySet Subscribe { get; } = new(PropertyId.SubscriptionIdentifier, PropertyId.UserProperty);

    public static PropertySet Unsubscribe { get; } = new(PropertyId.UserProperty);

    public static PropertySet Disconnect { get; } = new(
        PropertyId.SessionExpiryInterval, PropertyId.ReasonString, PropertyId.UserProperty);

    public bool Contains(int id) => id is >= 0 and < 64 && (_bits & (1UL << id)) != 0;
}
