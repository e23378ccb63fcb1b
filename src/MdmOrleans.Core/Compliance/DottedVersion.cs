using System.Numerics;

namespace MdmOrleans.Core.Compliance;

/// <summary>1 to 6 dotted numbers, ordered component by component; a missing component is 0, so <c>16.5</c> equals <c>16.5.0</c>.</summary>
public readonly record struct DottedVersion : IComparable<DottedVersion>
{
    private const int MaximumComponents = 6;

    // Two components each, the more significant in the upper half: three comparisons order all six.
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;

    private DottedVersion(ReadOnlySpan<uint> components)
    {
        _first = ((ulong)components[0] << 32) | components[1];
        _second = ((ulong)components[2] << 32) | components[3];
        _third = ((ulong)components[4] << 32) | components[5];
    }

    public static bool operator <(DottedVersion left, DottedVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(DottedVersion left, DottedVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(DottedVersion left, DottedVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DottedVersion left, DottedVersion right) => left.CompareTo(right) >= 0;

    /// <summary>True for 1 to 6 numbers with one dot between, each up to 2147483647, and nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DottedVersion version) =>
        Scan(text, out version, out var isExact) == text.Length && isExact;

    /// <summary>As the overload for characters.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DottedVersion version) =>
        Scan(utf8, out version, out var isExact) == utf8.Length && isExact;

    /// <summary>The version that <paramref name="text"/> begins with: <c>252.0</c> of <c>252.0-beta</c>, 0 of <c>beta</c>.</summary>
    /// <remarks>A component that is too large counts as the largest, so that the order never turns around.</remarks>
    public static DottedVersion OfPrefix(ReadOnlySpan<char> text)
    {
        Scan(text, out var version, out _);
        return version;
    }

    /// <summary>As the overload for characters.</summary>
    public static DottedVersion OfPrefix(ReadOnlySpan<byte> utf8)
    {
        Scan(utf8, out var version, out _);
        return version;
    }

    public int CompareTo(DottedVersion other) =>
        _first != other._first ? _first.CompareTo(other._first)
        : _second != other._second ? _second.CompareTo(other._second)
        : _third.CompareTo(other._third);

    /// <returns>How many characters belong to the version.</returns>
    private static int Scan<T>(ReadOnlySpan<T> text, out DottedVersion version, out bool isExact)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<uint> components = stackalloc uint[MaximumComponents];
        var length = 0;
        isExact = true;
        for (var i = 0; i < MaximumComponents; i++)
        {
            var start = i == 0 ? 0 : length + 1; // behind the dot
            var end = ScanNumber(text, start, out components[i], ref isExact);
            if (end == start)
            {
                isExact &= i > 0;
                break;
            }

            length = end;
            if (length == text.Length || uint.CreateTruncating(text[length]) != '.')
            {
                break;
            }
        }

        version = new DottedVersion(components);
        return length;
    }

    private static int ScanNumber<T>(ReadOnlySpan<T> text, int start, out uint number, ref bool isExact)
        where T : unmanaged, IBinaryInteger<T>
    {
        var value = 0UL;
        var i = start;
        for (; i < text.Length && uint.CreateTruncating(text[i]) - '0' is var digit and <= 9; i++)
        {
            value = (value * 10) + digit;
            if (value > int.MaxValue)
            {
                value = int.MaxValue;
                isExact = false;
            }
        }

        number = (uint)value;
        return i;
    }
}
