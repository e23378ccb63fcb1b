namespace MdmOrleans.Contracts;

/// <summary>Topic names, version 1: <c>mdm/v1/{tenant}/{device}/{up|dn}/…</c>.</summary>
public static class Topics
{
    private const string Prefix = "mdm/v1/";
    private const string CommandUpPrefix = "up/command/";
    private const string EventUpPrefix = "up/event/";
    private const string CommandDownPrefix = "dn/command/";

    /// <summary>The root of one device; every method below takes it.</summary>
    public static string Root(string tenant, string device) => $"{Prefix}{tenant}/{device}";

    public static string CheckInUp(string root) => root + "/up/checkin";

    public static string CommandUp(string root, string commandId) => $"{root}/{CommandUpPrefix}{commandId}";

    public static string EventUp(string root, string type) => $"{root}/{EventUpPrefix}{type}";

    public static string Will(string root) => root + "/up/will";

    public static string CheckInDown(string root) => root + "/dn/checkin";

    public static string CommandDown(string root, string commandId) => $"{root}/{CommandDownPrefix}{commandId}";

    public static string Error(string root) => root + "/dn/error";

    public static string Control(string root) => root + "/dn/control";

    /// <summary>The filter that connecting subscribes a device to, and the widest that it may ask for.</summary>
    public static string Down(string root) => root + "/dn/#";

    /// <summary>Splits a topic without allocating.</summary>
    /// <returns>
    /// False when it is not below the root of any device. True with <see cref="TopicKind.None"/> when it is, but names nothing there.
    /// The names are split, not validated: whoever compares them with a proven identity need not ask for their form.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<char> topic, out DeviceTopic parsed)
    {
        parsed = default;
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = topic[Prefix.Length..];
        var tenantEnd = rest.IndexOf('/');
        var deviceEnd = tenantEnd < 0 ? -1 : rest[(tenantEnd + 1)..].IndexOf('/');
        if (tenantEnd <= 0 || deviceEnd <= 0)
        {
            return false;
        }

        var tenant = rest[..tenantEnd];
        var device = rest.Slice(tenantEnd + 1, deviceEnd);
        var kind = ParseChannel(rest[(tenantEnd + deviceEnd + 2)..], out var argument);
        parsed = new DeviceTopic(tenant, device, kind, argument);
        return true;
    }

    /// <summary>What follows <c>{root}/</c>: for a caller that has already compared the root with its own.</summary>
    /// <param name="channel">E.g. <c>up/command/0193…</c>.</param>
    /// <param name="argument">The command id or the type of the event; empty for every other kind.</param>
    public static TopicKind ParseChannel(ReadOnlySpan<char> channel, out ReadOnlySpan<char> argument)
    {
        argument = default;
        switch (channel)
        {
            case "up/checkin": return TopicKind.CheckInUp;
            case "up/will": return TopicKind.Will;
            case "dn/checkin": return TopicKind.CheckInDown;
            case "dn/error": return TopicKind.Error;
            case "dn/control": return TopicKind.Control;
        }

        return TryTake(channel, CommandUpPrefix, out argument) ? TopicKind.CommandUp
            : TryTake(channel, CommandDownPrefix, out argument) ? TopicKind.CommandDown
            : TryTake(channel, EventUpPrefix, out argument) && IsEventType(argument) ? TopicKind.EventUp
            : TopicKind.None;
    }

    /// <summary>Whether it matches <c>[a-z][A-Za-z0-9-]{0,63}</c>.</summary>
    public static bool IsEventType(ReadOnlySpan<char> type)
    {
        if (type.Length is 0 or > 64 || !char.IsAsciiLetterLower(type[0]))
        {
            return false;
        }

        foreach (var c in type)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTake(ReadOnlySpan<char> channel, string prefix, out ReadOnlySpan<char> argument)
    {
        argument = channel.StartsWith(prefix, StringComparison.Ordinal) ? channel[prefix.Length..] : default;
        return !argument.IsEmpty && !argument.Contains('/');
    }
}
