using System.Globalization;

namespace MdmOrleans.Api.Requests;

/// <summary>Reads what the tables of names write, so that each spelling stands in one place.</summary>
internal static class WireName
{
    // Round trip: seconds are needed, fractions are not, and an instant without an offset is not one.
    private static readonly string[] InstantFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <returns>Null when <paramref name="toWire"/> writes no value like that.</returns>
    public static T? Read<T>(string? text, Func<T, string> toWire)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (toWire(value) == text)
            {
                return value;
            }
        }

        return null;
    }

    public static bool TryReadInstant(string text, out DateTimeOffset instant)
    {
        instant = default;
        return (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
            && DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant);
    }
}
