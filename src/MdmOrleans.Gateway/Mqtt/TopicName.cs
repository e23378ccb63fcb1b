namespace MdmOrleans.Gateway.Mqtt;

/// <summary>Names of topics and filters over them, as UTF-8.</summary>
internal static class TopicName
{
    /// <summary>A name that something can be published under: not empty, no wildcard.</summary>
    public static bool IsValid(ReadOnlySpan<byte> topic) => !topic.IsEmpty && topic.IndexOfAny((byte)'+', (byte)'#') < 0;

    /// <summary>A well-formed filter: <c>+</c> is a whole level, <c>#</c> a whole level and the last.</summary>
    public static bool IsValidFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty)
        {
            return false;
        }

        while (true)
        {
            var level = NextLevel(ref filter, out var last);
            var wildcard = level.IndexOfAny((byte)'+', (byte)'#') >= 0;
            if (wildcard && (level.Length > 1 || (level[0] == '#' && !last)))
            {
                return false;
            }

            if (last)
            {
                return true;
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
