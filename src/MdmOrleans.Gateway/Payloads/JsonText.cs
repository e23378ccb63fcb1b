using System.Buffers.Text;

namespace MdmOrleans.Gateway.Payloads;

/// <summary>What valid JSON can say and a database cannot keep.</summary>
internal static class JsonText
{
    /// <summary>Most digits, signs and points of a number that is kept.</summary>
    private const int MaximumNumberLength = 64;

    private const int MaximumExponent = 300;

    /// <summary>Whether the inside of a string token, escapes and all, is Unicode without U+0000.</summary>
    public static bool IsStorable(ReadOnlySpan<byte> escaped)
    {
        var expectLow = false;
        while (true)
        {
            var slash = escaped.IndexOf((byte)'\\');
            if (expectLow && slash != 0)
            {
                return false;
            }

            if (slash < 0)
            {
                return true;
            }

            if (escaped[slash + 1] != 'u')
            {
                if (expectLow)
                {
                    return false;
                }

                escaped = escaped[(slash + 2)..];
                continue;
            }

            if (!Utf8Parser.TryParse(escaped.Slice(slash + 2, 4), out ushort unit, out _, 'x')
                || unit == 0
                || expectLow != char.IsLowSurrogate((char)unit))
            {
                return false;
            }

            expectLow = char.IsHighSurrogate((char)unit);
            escaped = escaped[(slash + 6)..];
        }
    }

    /// <summary>Whether a number token is of a size that every database, and a double, can hold.</summary>
    public static bool IsStorableNumber(ReadOnlySpan<byte> number)
    {
        if (number.Length > MaximumNumberLength)
        {
            return false;
        }

        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        if (mark < 0)
        {
            return true;
        }

        var digits = number[(mark + 1)..].TrimStart((byte)'+');
        return Utf8Parser.TryParse(digits, out int exponent, out _) && Math.Abs((long)exponent) <= MaximumExponent;
    }
}
