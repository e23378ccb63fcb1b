namespace MdmOrleans.Contracts;

/// <summary>What a topic below the root of a device is for.</summary>
public enum TopicKind
{
    /// <summary>There is no such topic.</summary>
    None,
    CheckInUp,
    CommandUp,
    EventUp,
    Will,
    CheckInDown,
    CommandDown,
    Error,
    Control,
}

/// <summary>The parts of a topic, as slices of its text.</summary>
public readonly ref struct DeviceTopic
{
    internal DeviceTopic(ReadOnlySpan<char> tenant, ReadOnlySpan<char> device, TopicKind kind, ReadOnlySpan<char> argument)
    {
        Tenant = tenant;
        Device = device;
        Kind = kind;
        Argument = argument;
    }

    public ReadOnlySpan<char> Tenant { get; }

    public ReadOnlySpan<char> Device { get; }

    public TopicKind Kind { get; }

    /// <summary>The command id or the type of the event; empty for every other kind.</summary>
    public ReadOnlySpan<char> Argument { get; }
}
