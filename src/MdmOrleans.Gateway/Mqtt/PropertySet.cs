namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Which properties a packet may carry.</summary>
internal sealed class PropertySet
{
    private readonly ulong _bits;

    private PropertySet(string owner, params ReadOnlySpan<PropertyId> ids)
    {
        Owner = owner;
        Name = $"the property block of {owner}";
        foreach (var id in ids)
        {
            _bits |= 1UL << (byte)id;
        }
    }

    public static PropertySet Connect { get; } = new(
        "CONNECT",
        PropertyId.SessionExpiryInterval, PropertyId.ReceiveMaximum, PropertyId.MaximumPacketSize, PropertyId.TopicAliasMaximum,
        PropertyId.RequestResponseInformation, PropertyId.RequestProblemInformation, PropertyId.UserProperty,
        PropertyId.AuthenticationMethod, PropertyId.AuthenticationData);

    public static PropertySet Will { get; } = new(
        "the will",
        PropertyId.WillDelayInterval, PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.ContentType,
        PropertyId.ResponseTopic, PropertyId.CorrelationData, PropertyId.UserProperty);

    /// <summary>With the subscription identifier, which no client may send: a protocol error, not a malformed packet.</summary>
    public static PropertySet Publish { get; } = new(
        "PUBLISH",
        PropertyId.PayloadFormatIndicator, PropertyId.MessageExpiryInterval, PropertyId.TopicAlias, PropertyId.ResponseTopic,
        PropertyId.CorrelationData, PropertyId.UserProperty, PropertyId.SubscriptionIdentifier, PropertyId.ContentType);

    public static PropertySet PubAck { get; } = new("PUBACK", PropertyId.ReasonString, PropertyId.UserProperty);

    public static PropertySet Subscribe { get; } = new("SUBSCRIBE", PropertyId.SubscriptionIdentifier, PropertyId.UserProperty);

    public static PropertySet Unsubscribe { get; } = new("UNSUBSCRIBE", PropertyId.UserProperty);

    public static PropertySet Disconnect { get; } = new(
        "DISCONNECT", PropertyId.SessionExpiryInterval, PropertyId.ReasonString, PropertyId.UserProperty);

    /// <summary>What carries these properties, as a sentence names it.</summary>
    public string Owner { get; }

    /// <summary>The block, as a sentence names it.</summary>
    public string Name { get; }

    public bool Contains(int id) => id is >= 0 and < 64 && (_bits & (1UL << id)) != 0;
}
