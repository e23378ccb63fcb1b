using System.Buffers.Text;
using MdmOrleans.Core;

namespace MdmOrleans.Gateway.Payloads;

/// <summary>What valid JSON can say and a database cannot keep.</summary>
internal static class JsonText
{
    /// <summary>Most digits, signs and points of a number that is kept.</summary>
    private const int MaximumNumberLength = 64;

    private const int MaximumExponent = 300;

    /// <summary>Null where the inside of a string token, escapes and all, is Unicode without U+0000.</summary>
    public static Problem? FindMistake(ReadOnlySpan<byte> escaped)
    {
        var expectLow = false;
        while (true)
        {
            var slash = escaped.IndexOf((byte)'\\');
            if (expectLow && slash != 0)
            {
                return PayloadProblems.LoneSurrogate;
            }

            if (slash < 0)
            {
                return null;
            }

            if (escaped[slash + 1] != 'u')
            {
                if (expectLow)
                {
                    return PayloadProblems.LoneSurrogate;
                }

                escaped = escaped[(slash + 2)..];
                continue;
            }

            _ = Utf8Parser.TryParse(escaped.Slice(slash + 2, 4), out ushort unit, out _, 'x'); // four hex digits, or it were no token
            if (unit == 0)
            {
                return PayloadProblems.NullCharacter;
            }

            if (expectLow != char.IsLowSurrogate((char)unit))
            {
                return PayloadProblems.LoneSurrogate;
            }

            expectLow = char.IsHighSurrogate((char)unit);
            escaped = escaped[(slash + 6)..];
        }
    }

    /// <summary>Null where a number token is of a size that every database, and a double, can hold.</summary>
    public static Problem? FindNumberMistake(ReadOnlySpan<byte> number)
    {
        if (number.Length > MaximumNumberLength)
        {
            return PayloadProblems.NumberTooLong;
        }

        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        if (mark < 0)
        {
            return null;
        }

        var digits = number[(mark + 1)..].TrimStart((byte)'+');
        return Utf8Parser.TryParse(digits, out int exponent, out _) && Math.Abs((long)exponent) <= MaximumExponent
            ? null
            : PayloadProblems.NumberTooLarge;
    }
}
