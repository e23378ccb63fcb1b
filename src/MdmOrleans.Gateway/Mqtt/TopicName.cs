namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Names of topics and filters over them, as UTF-8.</summary>
internal static class TopicName
{
    /// <summary>Null where something can be published under this name; else what is wrong with it, as the end of a sentence.</summary>
    public static string? FindMistake(ReadOnlySpan<byte> topic) =>
        topic.IsEmpty ? "is empty"
        : topic.IndexOfAny((byte)'+', (byte)'#') >= 0 ? "contains a wildcard"
        : null;

    /// <summary>As above, for a filter: <c>+</c> is a whole level, <c>#</c> a whole level and the last.</summary>
    public static string? FindFilterMistake(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty)
        {
            return "is empty";
        }

        while (true)
        {
            var level = NextLevel(ref filter, out var last);
            if (level.IndexOfAny((byte)'+', (byte)'#') >= 0 && level.Length > 1)
            {
                return "has a wildcard that is not a whole level";
            }

            if (level is [(byte)'#'] && !last)
            {
                return "has # before its last level";
            }

            if (last)
            {
                return null;
            }
        }
    }

    /// <summary>Whether a well-formed <paramref name="filter"/> takes <paramref name="topic"/>.</summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        while (true)
        {
            var wanted = NextLevel(ref filter, out var lastWanted);
            if (wanted is [(byte)'#'])
            {
                return true;
            }

            var level = NextLevel(ref topic, out var last);
            if (wanted is not [(byte)'+'] && !wanted.SequenceEqual(level))
            {
                return false;
            }

            if (last)
            {
                return lastWanted || filter is [(byte)'#']; // "a/#" takes "a" too
            }

            if (lastWanted)
            {
                return false;
            }
        }
    }

    private static ReadOnlySpan<byte> NextLevel(ref ReadOnlySpan<byte> rest, out bool last)
    {
        var slash = rest.IndexOf((byte)'/');
        last = slash < 0;
        var level = last ? rest : rest[..slash];
        rest = last ? default : rest[(slash + 1)..];
        return level;
    }
}
